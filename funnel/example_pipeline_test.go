package funnel_test

import (
	"errors"
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// The stages of a sales process, and what it means to be in its ends.
func ExampleNewPipeline() {
	p, err := funnel.NewPipeline(
		funnel.Stage{Key: "Qualified"},
		funnel.Stage{Key: "Demo"},
		funnel.Stage{Key: "Proposal"},
		funnel.Stage{Key: "Closed Won", End: funnel.Won},
		funnel.Stage{Key: "Closed Lost", End: funnel.Lost},
		funnel.Stage{Key: "Duplicate", End: funnel.Left},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range p.Stages() {
		if s.End == "" {
			fmt.Println(s.Key)
		} else {
			fmt.Printf("%s: %s\n", s.Key, s.End)
		}
	}

	_, err = funnel.NewPipeline(funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Demo"}, funnel.Stage{Key: "Closed", End: "closed"})
	fmt.Println(err)
	fmt.Println(errors.Is(err, funnel.ErrInput))
	// Output:
	// Qualified
	// Demo
	// Proposal
	// Closed Won: won
	// Closed Lost: lost
	// Duplicate: left
	// funnel: stages/1/key "Demo" is that of stages/0 too
	// funnel: stages/2/end "closed" is not an end: use "won", "lost" or "left", or none
	// true
}

// How many of those that saw a demo got a proposal, while some may still get one?
func ExampleShare() {
	s := funnel.Share{Entered: 40, Reached: 18, Pending: 10}
	for _, v := range []struct {
		what string
		funnel.Ratio
	}{{"at least", s.Least()}, {"of those decided", s.Settled()}, {"at most", s.Most()}} {
		share, ok := v.Float()
		fmt.Printf("%s: %d of %d, %.2f %t\n", v.what, v.Num, v.Den, share, ok)
	}
	_, ok := funnel.Share{Entered: 3, Pending: 3}.Settled().Float()
	fmt.Println("of three that are all pending:", ok)
	// Output:
	// at least: 18 of 40, 0.45 true
	// of those decided: 18 of 30, 0.60 true
	// at most: 28 of 40, 0.70 true
	// of three that are all pending: false
}

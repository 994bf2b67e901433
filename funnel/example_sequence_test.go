package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// A demo, a proposal within a week, and no competitor named before the signature: which deals went that way?
func ExampleSequence() {
	const (
		demo = 1 << iota
		proposal
		signature
		competitor
	)
	// Events that satisfy no condition are no part of the sequence: calls and mails may lie between.
	way, err := funnel.CompileSequence("(?1)(?t<=7)(?2)(?3)")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, deal := range []struct {
		name   string
		events []funnel.Event // At in days
	}{
		{"Acme", []funnel.Event{{At: 0, Steps: demo}, {At: 3}, {At: 5, Steps: proposal}, {At: 40, Steps: signature}}},
		{"Bolt", []funnel.Event{{At: 0, Steps: demo}, {At: 5, Steps: proposal}, {At: 20, Steps: competitor}, {At: 40, Steps: signature}}},
		{"Corp", []funnel.Event{{At: 0, Steps: demo}, {At: 9, Steps: demo}, {At: 15, Steps: proposal}, {At: 16, Steps: signature}}},
		{"Dyne", []funnel.Event{{At: 0, Steps: demo}, {At: 9, Steps: proposal}, {At: 11, Steps: signature}}},
	} {
		at, whole, err := way.Events(deal.events)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(deal.name, whole, "events", at)
	}
	// Output:
	// Acme true events [0 2 3]
	// Bolt false events [0 1]
	// Corp true events [1 2 3]
	// Dyne false events [0]
}

// How often did a rep let three mails in a row go out without a call between them?
func ExampleCompileSequence() {
	const mail, call = 1 << 0, 1 << 1
	mails, err := funnel.CompileSequence("(?1)(?1)(?1)")
	if err != nil {
		fmt.Println(err)
		return
	}
	var events []funnel.Event
	for i, steps := range []uint32{mail, mail, call, mail, mail, mail, mail, call, mail, mail, mail} {
		events = append(events, funnel.Event{At: int64(i), Steps: steps})
	}
	n, err := mails.Count(events)
	fmt.Println(n, err)

	_, err = funnel.CompileSequence("(?1)(?t<=7d)(?2)")
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// funnel: pattern/4 "(?t<=7d)(?2)" must hold a whole number of 0 or more behind <=, <, >=, > or ==, at most 2^63-1
}

package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Steps of the funnel of a website: bit i stands for step i+1.
const (
	strVisit = 1 << iota
	strTrial
	strOrder
)

// The events of all accounts come from a queue, in order of time. How far has each come, and how is the funnel now?
func ExampleStream() {
	stream, err := funnel.NewStream(funnel.FunnelOptions{Steps: 3, Window: 14}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	numbers := make(map[string]uint32) // of the accounts, in order of appearance
	for _, e := range []struct {
		day     int64
		account string
		steps   uint32
	}{
		{1, "Acme", strVisit},
		{2, "Bolt", strVisit},
		{5, "Acme", strTrial},
		{7, "Corp", strVisit | strTrial}, // one event is one step, so this is a visit
		{9, "Acme", strOrder},
		{20, "Bolt", strTrial}, // more than 14 days after the visit
		{21, "Dyne", strVisit},
	} {
		n, ok := numbers[e.account]
		if !ok {
			n = uint32(len(numbers))
			numbers[e.account] = n
		}
		if err := stream.Add(n, funnel.Event{At: e.day, Steps: e.steps}); err != nil {
			fmt.Println(err)
			return
		}
	}
	level, err := stream.Level(numbers["Acme"])
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("Acme came to step", level)

	counts, err := stream.Counts(25) // on day 25
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range counts.Steps(3) {
		fmt.Printf("step %d: %d, of whom %d may still go on and %d dropped off\n", s.Step, s.Reached, s.InFlight, s.Dropped)
	}
	// Output:
	// Acme came to step 3
	// step 1: 4, of whom 1 may still go on and 2 dropped off
	// step 2: 1, of whom 0 may still go on and 0 dropped off
	// step 3: 1, of whom 0 may still go on and 0 dropped off
}

// A stream that knows how many entities there are takes their events in any order of entities.
func ExampleNewStream() {
	stream, err := funnel.NewStream(funnel.FunnelOptions{Steps: 2, Window: 30}, 1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = stream.Add(734, funnel.Event{At: 0, Steps: strVisit})
	fmt.Println(stream.Entities(), err)

	err = stream.Add(0, funnel.Event{At: 5_000_000_000, Steps: strVisit}) // nanoseconds, where seconds were meant
	fmt.Println(err)
	// Output:
	// 1000 <nil>
	// funnel: at "5000000000" is more than 4294967264 units after the first event of the stream, 0: use a coarser unit of time, such as seconds
}

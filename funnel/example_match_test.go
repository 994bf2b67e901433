package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// Of the accounts that signed up for a trial, which booked a demo and bought within 30 days, and how long did it take?
func ExampleDeepest() {
	const (
		signedUp = 1 << iota
		demo
		bought
	)
	accounts := []struct {
		name   string
		events []funnel.Event // At in days
	}{
		{"Acme", []funnel.Event{{At: 0, Steps: signedUp}, {At: 6, Steps: demo}, {At: 30, Steps: bought}}},
		{"Blick", []funnel.Event{{At: 3, Steps: signedUp}, {At: 20, Steps: demo}, {At: 41, Steps: bought}}},
		{"Codata", []funnel.Event{{At: 2, Steps: signedUp}, {At: 35, Steps: signedUp}, {At: 36, Steps: demo}, {At: 50, Steps: bought}}},
		{"Dalt", []funnel.Event{{At: 44, Steps: signedUp}}},
	}
	const today = 60
	o := funnel.FunnelOptions{Steps: 3, Window: 30}
	for _, a := range accounts {
		m, err := funnel.Deepest(o, a.events)
		if err != nil {
			fmt.Println(err)
			return
		}
		switch {
		case m.Level == o.Steps:
			fmt.Printf("%s bought after %d days\n", a.name, m.Times[2]-m.Times[0])
		case m.Open && today <= m.Until:
			fmt.Printf("%s is at step %d, and has until day %d\n", a.name, m.Level, m.Until)
		default:
			fmt.Printf("%s dropped off after step %d\n", a.name, m.Level)
		}
	}
	// Output:
	// Acme bought after 30 days
	// Blick dropped off after step 2
	// Codata bought after 15 days
	// Dalt is at step 1, and has until day 74
}

// A lead who unsubscribes between the demo and the purchase does not count as won by the campaign.
func ExampleEvent() {
	o := funnel.FunnelOptions{Steps: 2, Window: 30}
	const demo, bought = 1 << 0, 1 << 1
	m, err := funnel.Deepest(o, []funnel.Event{
		{At: 1, Steps: demo},
		{At: 8, Void: demo}, // unsubscribed
		{At: 9, Steps: bought},
	})
	fmt.Println(m.Level, m.Voided, err)
	// Output: 1 true <nil>
}

// The same visits of a pricing page, a trial and a purchase give other conversions under the rules of other reports.
func ExampleFunnelOptions() {
	const visit, trial, purchase = 1 << 0, 1 << 1, 1 << 2
	events := []funnel.Event{ // At in minutes
		{At: 0, Steps: visit},
		{At: 30, Steps: visit},
		{At: 45, Steps: trial},
		{At: 50}, // read the documentation
		{At: 75, Steps: purchase},
	}
	for _, o := range []funnel.FunnelOptions{
		{},
		{Anchor: funnel.FirstEntry},
		{Order: funnel.StrictOrder},
		{Ties: funnel.TiesBySeq, StopAtOther: true},
	} {
		o.Steps, o.Window = 3, 60
		m, err := funnel.Deepest(o, events)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(m.Level, m.Times)
	}
	// Output:
	// 3 [30 45 75]
	// 2 [0 45]
	// 2 [30 45]
	// 2 [30 45]
}

// Events of an account come in one by one; the team is told when the account reaches a step for the first time.
func ExampleMatcher() {
	m, err := funnel.NewMatcher(funnel.FunnelOptions{Steps: 3, Window: 14})
	if err != nil {
		fmt.Println(err)
		return
	}
	before := 0
	for _, e := range []funnel.Event{
		{At: 1, Steps: 1 << 0}, // opened the offer
		{At: 2, Steps: 1 << 0}, // and again
		{At: 9, Steps: 1 << 1}, // asked for a quote
		{At: 18, Steps: 1 << 2},
	} {
		level, err := m.Add(e)
		if err != nil {
			fmt.Println(err)
			return
		}
		if level > before {
			fmt.Printf("day %d: step %d\n", e.At, level)
			before = level
		}
	}
	fmt.Println(m.Match().Level, "of 3 within 14 days")
	// Output:
	// day 1: step 1
	// day 9: step 2
	// 2 of 3 within 14 days
}

// One matcher serves all accounts, whose events come one account after the other: how many reached each step?
func ExampleNewMatcher() {
	o := funnel.FunnelOptions{Steps: 2, Window: 14, Order: funnel.AnyOrder}
	m, err := funnel.NewMatcher(o)
	if err != nil {
		fmt.Println(err)
		return
	}
	const webinar, call = 1 << 0, 1 << 1
	var reached [3]int
	for _, events := range [][]funnel.Event{
		{{At: 2, Steps: webinar}, {At: 9, Steps: call}},
		{{At: 1, Steps: call}, {At: 5, Steps: webinar}},
		{{At: 4, Steps: webinar}, {At: 19, Steps: call}},
	} {
		m.Reset()
		for _, e := range events {
			if _, err := m.Add(e); err != nil {
				fmt.Println(err)
				return
			}
		}
		for level := range m.Match().Level {
			reached[level+1]++
		}
	}
	fmt.Printf("%d with a webinar or a call, %d with both within two weeks\n", reached[1], reached[2])
	// Output: 3 with a webinar or a call, 2 with both within two weeks
}

// How often did the rep get from a first call to a meeting with the same account, and how often not?
func ExampleAttempts() {
	const call, meeting = 1 << 0, 1 << 1
	attempts, err := funnel.Attempts(funnel.FunnelOptions{Steps: 2, Window: 10}, []funnel.Event{
		{At: 0, Steps: call},
		{At: 4, Steps: meeting},
		{At: 20, Steps: call},
		{At: 25, Steps: call},
		{At: 50, Steps: call},
		{At: 51, Steps: meeting},
	})
	for _, m := range attempts {
		fmt.Println(m.Level, m.Times)
	}
	fmt.Println(err)
	// Output:
	// 2 [0 4]
	// 1 [20]
	// 2 [50 51]
	// <nil>
}

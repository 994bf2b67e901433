package funnel_test

import (
	"fmt"

	"github.com/salesops-go/salesops/funnel"
)

// strTouch is a row of an export of the website: a day, a number of the account, what it did, and the campaign that led there.
type strTouch struct {
	day      int64
	account  uint32
	step     uint32
	campaign string
}

func strTouches() []strTouch {
	return []strTouch{
		{3, 7, strTrial, "mail"},
		{1, 7, strVisit, "search"},
		{9, 7, strOrder, "mail"},
		{2, 9, strVisit, "search"},
		{4, 9, strTrial, "search"},
		{3, 4, strVisit, "fair"},
		{8, 4, strTrial, "mail"},
		{9, 4, strOrder, "call"},
		{28, 5, strVisit, "fair"},
	}
}

// The export is in no order. Who ordered within 14 days of a visit, and which rows say so?
func ExampleMatchRows() {
	var rows []funnel.Row
	for _, t := range strTouches() {
		rows = append(rows, funnel.Row{Entity: t.account, Event: funnel.Event{At: t.day, Steps: t.step}})
	}
	matches, err := funnel.MatchRows(funnel.FunnelOptions{Steps: 3, Window: 14}, rows)
	if err != nil {
		fmt.Println(err)
		return
	}
	for account, m := range matches {
		fmt.Printf("account %d: level %d, rows %v, days %v\n", account, m.Level, m.Index, m.Times)
	}
	// Output:
	// account 4: level 3, rows [5 6 7], days [3 8 9]
	// account 5: level 1, rows [8], days [28]
	// account 7: level 3, rows [1 0 2], days [1 3 9]
	// account 9: level 2, rows [3 4], days [2 4]
}

// Which campaign brings customers? It depends on whom one asks: the first touch, the last, or the one that led to the trial.
func ExampleAttribution() {
	touches := strTouches()
	var rows []funnel.Row
	for _, t := range touches {
		rows = append(rows, funnel.Row{Entity: t.account, Event: funnel.Event{At: t.day, Steps: t.step}})
	}
	for _, by := range []funnel.Attribution{funnel.FirstEvent, funnel.LastEvent, 2} {
		matches, err := funnel.MatchRows(funnel.FunnelOptions{Steps: 3, Window: 14}, rows)
		if err != nil {
			fmt.Println(err)
			return
		}
		var b funnel.Breakdown
		for _, m := range matches {
			campaign := "none"
			if i, ok := by.Index(m); ok {
				campaign = touches[i].campaign
			}
			if err := b.Add(campaign, m, 30); err != nil {
				fmt.Println(err)
				return
			}
		}
		fmt.Printf("by event %d:", by)
		for _, campaign := range b.Groups() {
			c, err := b.Counts(campaign).Conversion(0, 3)
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Printf(" %s %d of %d;", campaign, c.Reached, c.Entered)
		}
		fmt.Println()
	}
	// Output:
	// by event 0: fair 1 of 2; search 1 of 2;
	// by event -1: call 1 of 1; fair 0 of 1; mail 1 of 1; search 0 of 1;
	// by event 2: mail 2 of 2; none 0 of 1; search 0 of 1;
}

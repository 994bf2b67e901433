package funnel_test

import (
	"fmt"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// Of the accounts that visited, how many ordered, how long did it take, and who is still on the way? Shards of the accounts are
// counted apart, as they would be on several machines.
func ExampleCounts() {
	shards := [][]funnel.Row{
		{
			{Entity: 1, Event: funnel.Event{At: 1, Steps: strVisit}},
			{Entity: 1, Event: funnel.Event{At: 4, Steps: strTrial}},
			{Entity: 1, Event: funnel.Event{At: 11, Steps: strOrder}},
			{Entity: 2, Event: funnel.Event{At: 2, Steps: strVisit}},
		},
		{
			{Entity: 3, Event: funnel.Event{At: 12, Steps: strVisit}},
			{Entity: 3, Event: funnel.Event{At: 13, Steps: strTrial}},
			{Entity: 4, Event: funnel.Event{At: 3, Steps: strVisit}},
			{Entity: 4, Event: funnel.Event{At: 8, Steps: strTrial}},
			{Entity: 4, Event: funnel.Event{At: 9, Steps: strOrder}},
		},
	}
	const today = 20
	var all funnel.Counts
	for _, rows := range shards {
		matches, err := funnel.MatchRows(funnel.FunnelOptions{Steps: 3, Window: 14}, rows)
		if err != nil {
			fmt.Println(err)
			return
		}
		var c funnel.Counts
		for _, m := range matches {
			if err := c.Add(m, today); err != nil {
				fmt.Println(err)
				return
			}
		}
		if err := all.Merge(&c); err != nil {
			fmt.Println(err)
			return
		}
	}
	order, err := all.Conversion(1, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	least, _ := order.Least().Float()
	most, _ := order.Most().Float()
	fmt.Printf("%d of %d ordered, %d may still: %.0f to %.0f %%\n", order.Reached, order.Entered, order.Pending, 100*least, 100*most)
	if s, ok := all.Since(3).Summary(); ok {
		fmt.Printf("days to order: median %.1f, 90 %% within %.1f\n", s.Median, s.P90)
	}
	if s, ok := all.Gap(2).Summary(); ok {
		fmt.Printf("days from visit to trial: median %.1f\n", s.Median)
	}
	// Output:
	// 2 of 4 ordered, 1 may still: 50 to 75 %
	// days to order: median 8.0, 90 % within 9.6
	// days from visit to trial: median 3.0
}

// The trend of a funnel by the month of the first visit. The last month is incomplete, and says how much.
func ExampleBreakdown() {
	const day = 86_400
	at := func(s string) int64 { return on(s).Time(time.UTC).Unix() }
	rows := []funnel.Row{
		{Entity: 0, Event: funnel.Event{At: at("2026-01-10"), Steps: strVisit}},
		{Entity: 0, Event: funnel.Event{At: at("2026-01-20"), Steps: strTrial}},
		{Entity: 1, Event: funnel.Event{At: at("2026-01-12"), Steps: strVisit}},
		{Entity: 2, Event: funnel.Event{At: at("2026-02-01"), Steps: strVisit}},
		{Entity: 2, Event: funnel.Event{At: at("2026-02-03"), Steps: strTrial}},
		{Entity: 3, Event: funnel.Event{At: at("2026-02-25"), Steps: strVisit}},
		{Entity: 4, Event: funnel.Event{At: at("2026-02-26"), Steps: strVisit}},
	}
	matches, err := funnel.MatchRows(funnel.FunnelOptions{Steps: 2, Window: 30 * day}, rows)
	if err != nil {
		fmt.Println(err)
		return
	}
	var calendar salesops.Calendar
	var trend funnel.Breakdown
	for _, m := range matches {
		if m.Level == 0 {
			continue
		}
		month := calendar.Period(salesops.Month, salesops.DateOf(time.Unix(m.Times[0], 0).UTC()))
		if err := trend.Add(month.String(), m, at("2026-03-01")); err != nil {
			fmt.Println(err)
			return
		}
	}
	for _, month := range trend.Groups() {
		c, err := trend.Counts(month).Conversion(1, 2)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %d of %d, %d pending\n", month, c.Reached, c.Entered, c.Pending)
	}
	// Output:
	// 2026-01-01/2026-02-01: 1 of 2, 0 pending
	// 2026-02-01/2026-03-01: 1 of 3, 2 pending
}

package main

import (
	"slices"

	"github.com/salesops-go/salesops"
)

// collect draws invoices, payments, refunds and cancellations of won deals, as
// far as they fall into the year.
func (c *company) collect() {
	for _, d := range c.deals {
		if d.stage == closedWon {
			c.collectDeal(d)
		}
	}
	slices.SortStableFunc(c.events, func(a, b event) int { return a.date.Compare(b.date) })
}

func (c *company) collectDeal(d *deal) {
	parts := 1
	if d.cents > 20_000_00 {
		parts = 1 + c.weighted(45, 35, 20)
	}
	cancelled, refunded := c.chance(28), c.chance(32)
	apart := []int{60, 90}[c.below(2)]
	var invoiced, paid int64
	var lastPaid salesops.Date
	for i := range parts {
		due := d.closed.AddDays(c.between(1, 6) + i*apart)
		if i > 0 && cancelled {
			c.record(d, "cancel", due.AddDays(-c.between(1, 40)), d.cents-invoiced)
			break
		}
		part := d.cents / int64(parts)
		if i == parts-1 {
			part = d.cents - invoiced // the last takes the odd cents
		}
		if !c.record(d, "invoice", due, part) {
			break
		}
		invoiced += part
		// Most pay around the 30 days agreed, some late, a few not in the year.
		wait := []int{12, 21, 28, 31, 35, 44, 58, 83}[c.weighted(6, 14, 26, 22, 14, 9, 6, 3)] + c.between(-4, 4)
		if c.chance(15) {
			continue
		}
		if when := weekday(due.AddDays(wait)); c.record(d, "payment", when, part) {
			paid += part
			lastPaid = when
		}
	}
	if cancelled && parts == 1 && paid > 0 || refunded && paid > 0 {
		amount := paid // in full
		if c.chance(650) {
			amount = paid * int64(c.between(10, 60)) / 100
		}
		c.record(d, "refund", weekday(lastPaid.AddDays(c.between(8, 60))), amount)
	}
}

// record adds an event unless it falls behind the end of the year.
func (c *company) record(d *deal, kind string, when salesops.Date, cents int64) bool {
	if when.Compare(yearEnd) >= 0 {
		return false
	}
	c.events = append(c.events, event{d, kind, when, cents})
	return true
}

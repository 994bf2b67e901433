package main

import "github.com/salesops-go/salesops"

// A split is a row of splits.csv; the share is in thousandths.
type split struct {
	deal     *deal
	rep      *rep
	permille int
	overlay  bool
}

// split draws which won deals are shared and which the specialist helped with.
func (c *company) split() {
	specialist := c.rep("Yara Haddad")
	for _, d := range c.deals {
		if d.stage != closedWon {
			continue
		}
		if c.chance(40) {
			if mate := c.mate(d); mate != nil {
				share := []int{500, 600, 700, 750, 667, 800}[c.below(6)]
				c.splits = append(c.splits, split{d, d.owner, share, false}, split{d, mate, 1000 - share, false})
			}
		}
		// The specialist is asked for the larger deals.
		if d.cents > 30_000_00 && c.chance(62) {
			c.splits = append(c.splits, split{d, specialist, []int{1000, 500}[c.weighted(3, 1)], true})
		}
	}
}

// mate draws a rep of the same region who worked on the closing day.
func (c *company) mate(d *deal) *rep {
	var mates []*rep
	for _, r := range c.reps {
		if r != d.owner && !r.specialist && r.manager/2 == d.owner.manager/2 && r.active(d.closed) {
			mates = append(mates, r)
		}
	}
	if len(mates) == 0 {
		return nil
	}
	return mates[c.below(len(mates))]
}

// seasons is how the year's quota is spread over the quarters, in percent.
var seasons = [...]int{21, 24, 23, 32}

// pastPercent is what the company aimed at in the year before, of what it aims at now.
const pastPercent = 60

// quotaCents returns the bookings quota of a rep in a quarter: reduced by the
// days not worked, and for a new hire by ramp. That of the year before is not in
// quotas.csv; its deals are drawn by it.
func quotaCents(r *rep, q int) int64 {
	start, end := quarter(q)
	days := r.days(start, end)
	if days == 0 || r.specialist {
		return 0
	}
	dollars := segments[r.segment].quota * seasons[(q+len(seasons))%len(seasons)] / 100
	if q < 0 {
		dollars = dollars * pastPercent / 100
	}
	switch hired := r.spans[0].start; {
	case hired.Compare(start) > 0:
		dollars = dollars * 50 / 100 // first quarter of the ramp
	case hired.AddMonths(3).Compare(start) > 0:
		dollars = dollars * 75 / 100 // second
	}
	dollars = dollars * days / end.DaysSince(start)
	return int64((dollars+500)/1000) * 1000_00
}

// overlayQuota is the specialist's by quarter, in dollars.
var overlayQuota = [...]int64{190_000, 210_000, 200_000, 290_000}

// An event is a row of events.csv.
type event struct {
	deal  *deal
	kind  string
	date  salesops.Date
	cents int64
}

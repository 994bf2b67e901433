package main

import (
	"slices"
	"time"

	"github.com/salesops-go/salesops"
)

type stage int

const (
	qualification stage = iota
	needsAnalysis
	proposal
	negotiation
	closedWon
	closedLost
)

// stages with their probability in percent, as Salesforce ships them.
var stages = [...]struct {
	name        string
	probability int
}{
	{"Qualification", 10},
	{"Needs Analysis", 20},
	{"Proposal/Price Quote", 75},
	{"Negotiation/Review", 90},
	{"Closed Won", 100},
	{"Closed Lost", 0},
}

var types = [...]string{"New Business", "Expansion", "Renewal"}

const (
	newBusiness = iota
	expansion
	renewal
)

type deal struct {
	id              int
	account         *account
	owner           *rep
	kind            int // index of types
	product         int
	stage           stage
	created, closed salesops.Date
	cents           int64
	term            int // months
}

// firstID is that of the first deal of the year.
const firstID = 10_001

// sell draws all opportunities of the year and numbers them in the order they were created.
func (c *company) sell() {
	for q := range seasons {
		c.sellIn(q)
	}
	c.leaveOpen()
	number(c.deals, firstID)
}

// sellIn draws the deals that closed in a quarter.
func (c *company) sellIn(q int) {
	for _, r := range c.reps {
		if r.specialist {
			continue
		}
		won := c.win(r, q)
		c.lose(r, q, won)
	}
}

// number puts deals in the order they were created and gives them IDs.
func number(deals []*deal, first int) {
	slices.SortStableFunc(deals, func(a, b *deal) int { return a.created.Compare(b.created) })
	for i, d := range deals {
		d.id = first + i
	}
}

// win draws the deals that a rep wins in a quarter: as many as it takes for an
// attainment around the rep's skill. It returns the number of those that are no
// renewals.
func (c *company) win(r *rep, q int) (won int) {
	luck := []int{-40, -28, -21, -15, -10, -6, -2, 2, 7, 13, 21, 35}
	attainment := r.skill + luck[c.below(len(luck))] + c.between(-4, 4)
	left := quotaCents(r, q) * int64(max(attainment, 25)) / 100
	for left > 0 {
		d := c.draw(r, c.weighted(46, 33, 21))
		// Large deals do not fit into the end of a quarter's work.
		for try := 0; d.cents > left && try < 3; try++ {
			d = c.draw(r, c.weighted(46, 33, 21))
		}
		if d.cents > left && int64(c.below(1000))*d.cents > 1000*left {
			return won // drawn so that on average nothing is lost or gained
		}
		left -= d.cents
		d.stage = closedWon
		d.closed = c.closingDay(r, q, true)
		d.created = d.closed.AddDays(-c.cycle(r, d.kind))
		c.deals = append(c.deals, d)
		if d.kind != renewal {
			won++
		}
	}
	return won
}

// lose draws the deals that a rep loses in a quarter, by the win rate.
func (c *company) lose(r *rep, q, won int) {
	if quotaCents(r, q) == 0 {
		return
	}
	lost := (won*(100-r.winRate) + c.below(r.winRate)) / r.winRate
	if won == 0 {
		lost = c.between(2, 6)
	}
	for range lost {
		d := c.draw(r, c.weighted(70, 24, 6))
		d.stage = closedLost
		d.closed = c.closingDay(r, q, false)
		d.created = d.closed.AddDays(-max(5, c.cycle(r, d.kind)*80/100))
		c.deals = append(c.deals, d)
	}
}

// leaveOpen draws what is still open at the end of the year.
func (c *company) leaveOpen() {
	last := yearEnd.AddDays(-1)
	for _, r := range c.reps {
		if r.specialist || !r.active(last) {
			continue
		}
		for range c.between(5, 10) {
			d := c.draw(r, c.weighted(60, 30, 10))
			age := min(c.below(c.cycle(r, d.kind)+20), 250)
			d.created = last.AddDays(-age)
			d.closed = weekday(yearEnd.AddDays(c.between(5, 110)))
			d.stage = []stage{qualification, needsAnalysis, proposal, negotiation}[c.weighted(max(10, 60-age), 40, 20+age/2, 5+age/2)]
			if c.chance(60) { // nobody moved the expected day on
				d.closed = weekday(last.AddDays(-c.between(1, 20)))
				d.created = d.created.AddDays(-20)
			}
			c.deals = append(c.deals, d)
		}
	}
}

// draw draws account, product, term and size of a deal.
func (c *company) draw(r *rep, kind int) *deal {
	weights := make([]int, len(products))
	for i, p := range products {
		weights[i] = p.weight
	}
	d := &deal{owner: r, kind: kind, product: c.weighted(weights...), term: []int{12, 24, 36}[c.weighted(56, 26, 18)]}
	var mine []*account
	for _, a := range c.accounts {
		if a.owner == r {
			mine = append(mine, a)
		}
	}
	d.account = mine[c.below(len(mine))]
	p := products[d.product]
	seats := p.seats * c.size() * segments[r.segment].sizePercent / 10_000
	if kind == expansion {
		seats = seats * 60 / 100
	}
	seats = max(seats, 3)
	discount := []int{0, 5, 10, 15, 20, 25}[c.weighted(28, 18, 24, 15, 10, 5)]
	d.cents = int64(seats) * int64(p.price) * int64(d.term) * int64(100-discount) / 100
	return d
}

// cycle draws the days from opening to closing.
func (c *company) cycle(r *rep, kind int) int {
	days := segments[r.segment].cycle
	if kind == renewal {
		days = 45
	}
	return max(3, days*c.size()/100)
}

// closingDay draws a working day of a quarter on which the rep works. Wins bunch
// at the ends of months and most of all of the quarter; losses are entered when
// the pipeline is cleaned up, which is then, and in the first weeks, too.
func (c *company) closingDay(r *rep, q int, won bool) salesops.Date {
	start, _ := quarter(q)
	for range 1000 {
		month := c.weighted(23, 27, 50)
		if !won {
			month = c.weighted(36, 29, 35)
		}
		first := start.AddMonths(month)
		last := first.AddMonths(1).AddDays(-1)
		n := last.DaysSince(first) + 1
		d := first.AddDays(c.below(n))
		switch {
		case won && c.chance(560), !won && c.chance(220):
			d = last.AddDays(-c.below(7))
		case !won && month == 0 && c.chance(400):
			d = first.AddDays(c.below(12))
		}
		if wd := d.Weekday(); wd != time.Saturday && wd != time.Sunday && r.active(d) {
			return d
		}
	}
	return start // not reached: a rep with a quota works some days
}

// weekday moves a day off the weekend.
func weekday(d salesops.Date) salesops.Date {
	switch d.Weekday() {
	case time.Saturday:
		return d.AddDays(2)
	case time.Sunday:
		return d.AddDays(1)
	}
	return d
}

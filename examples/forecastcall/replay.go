package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

const (
	rangeLevel = 0.8 // of the range
	inflowDays = 60  // over which the creation of deals is averaged
	// spreadTolerance lets the range be computed fast; it becomes wider by at most this.
	spreadTolerance = 0.01
)

// month is a forecast, and what came of it.
type month struct {
	period salesops.Period
	past   bool
	won    decimal.Decimal // if it is past
	known  []forecast.Deal // on the eve
	naive  decimal.Decimal // last month again
	static decimal.Decimal // win rate times pipeline
	clock  forecast.CloseClock
	call   forecast.Projection
	perDay float64 // deals created lately
	sizes  sizes
	// correlation is what deals had in common in the months before.
	correlation float64
	total       forecast.Total
	low, high   decimal.Decimal
}

func (m *month) inRange() bool {
	return m.low.Cmp(m.won) <= 0 && m.won.Cmp(m.high) <= 0
}

// replay forecasts the last n complete months and the one after them, each from what
// was known the day before it began. The months in between, and those before for
// practice, teach how far outcomes are from forecasts.
func (c *company) replay(n int) ([]month, error) {
	first := c.since
	if first.IsZero() {
		for i := range c.deals {
			if d := c.deals[i].Close; !d.IsZero() && (first.IsZero() || d.Before(first)) {
				first = d
			}
		}
	}
	// The first forecast is made after a month of history, the last one for the month that is not complete.
	p := c.calendar.Next(salesops.Month, c.calendar.Period(salesops.Month, first.AddDays(27)))
	next := c.calendar.Period(salesops.Month, c.lastDay)
	if next.End.DaysSince(c.lastDay) <= 5 { // nothing on its last days, or a weekend
		next = c.calendar.Next(salesops.Month, next)
	}
	var months []month
	var past []forecast.PastPeriod
	for ; p.Start.Before(next.Start) || p == next; p = c.calendar.Next(salesops.Month, p) {
		m := month{period: p, past: p != next, won: c.won(p), naive: c.won(c.calendar.Prev(salesops.Month, p))}
		if err := c.forecast(&m, past); err != nil {
			if errors.Is(err, forecast.ErrUndefined) && m.past {
				continue // too little history yet
			}
			return nil, fmt.Errorf("forecast of %s: %w", c.calendar.Name(salesops.Month, p.Start), err)
		}
		past = append(past, forecast.PastPeriod{Chances: m.call.Chances(), Actual: m.won})
		months = append(months, m)
	}
	if len(months) < 2 {
		return nil, fmt.Errorf("closings from %s to %s: too few to replay a month", first, c.lastDay)
	}
	return months[max(len(months)-1-n, 0):], nil
}

// forecast makes the forecasts of a month from what was known on its eve.
func (c *company) forecast(m *month, past []forecast.PastPeriod) error {
	eve := m.period.Start.AddDays(-1)
	seen := salesops.Period{Start: c.since, End: m.period.Start}
	m.known = c.known(eve)
	var err error
	if m.static, err = static(m.known); err != nil {
		return err
	}
	sizes := sizesOf(m.known, c.sizeOf)
	m.sizes = sizes
	m.clock, err = forecast.FitCloseClock(m.known, seen, forecast.CloseClockOptions{
		Phases: forecast.Phases{Calendar: c.calendar}, Group: sizes.name,
	})
	if err != nil {
		return err
	}
	created := salesops.Period{Start: m.period.Start.AddDays(-inflowDays), End: m.period.Start}
	if created.Start.Before(c.since) { // of deals created before, those that had closed are missing
		created.Start = c.since
	}
	// Each size is projected by itself, as deals to come are asked after without their amounts.
	m.call = forecast.Projection{Period: m.period, AsOf: eve}
	for _, size := range sizes.names {
		deals := slices.DeleteFunc(slices.Clone(m.known), func(d forecast.Deal) bool { return sizes.name(d) != size })
		inflow, err := forecast.MeasureInflow(deals, created)
		if err != nil {
			return err
		}
		part, err := forecast.Project(deals, m.period, eve, m.clock.Closing(size), forecast.ProjectOptions{Inflow: inflow})
		if err != nil {
			return err
		}
		if m.call, err = m.call.Add(part); err != nil {
			return err
		}
		m.perDay += inflow.PerDay()
	}
	if len(past) > 0 {
		fit, err := forecast.FitCorrelation(past)
		if err != nil && !errors.Is(err, forecast.ErrUndefined) {
			return err
		}
		m.correlation = fit.Correlation
	}
	m.total, err = m.call.Total(forecast.TotalOptions{Correlation: m.correlation, SpreadTolerance: spreadTolerance})
	if err != nil {
		return err
	}
	m.low, m.high, err = m.total.Interval(rangeLevel)
	return err
}

// static is the share of closed deals that were won, times all open deals.
func static(known []forecast.Deal) (decimal.Decimal, error) {
	tallies, err := forecast.TallyBy(known, func(forecast.Deal) string { return "all" })
	if err != nil {
		return decimal.Decimal{}, err
	}
	open := decimal.Zero
	for _, d := range known {
		if d.Status == forecast.Open {
			open = open.Add(d.Amount)
		}
	}
	t := tallies["all"]
	if t.Closed == 0 {
		return decimal.Decimal{}, forecast.ErrUndefined
	}
	return open.Mul(decimal.New(int64(t.Won), 0)).DivRound(decimal.New(int64(t.Closed), 0), 0), nil
}

// sizes are classes of deals by their size, with about as many deals each.
type sizes struct {
	of    func(forecast.Deal) decimal.Decimal
	from  []decimal.Decimal // the least of each class but the first
	names []string
}

const sizeClasses = 5

func sizesOf(deals []forecast.Deal, of func(forecast.Deal) decimal.Decimal) sizes {
	all := make([]decimal.Decimal, len(deals))
	for i, d := range deals {
		all[i] = of(d)
	}
	slices.SortFunc(all, decimal.Decimal.Cmp)
	s := sizes{of: of, names: []string{"all"}}
	for k := 1; k < sizeClasses && len(all) > 0; k++ {
		from, before := all[len(all)*k/sizeClasses], all[0]
		if len(s.from) > 0 {
			before = s.from[len(s.from)-1]
		}
		if from.Cmp(before) > 0 {
			s.from = append(s.from, from)
			s.names = append(s.names, money(from)+" and more")
			s.names[0] = "below " + money(s.from[0])
		}
	}
	return s
}

// name is the class of a deal.
func (s sizes) name(d forecast.Deal) string {
	k := 0
	for k < len(s.from) && s.of(d).Cmp(s.from[k]) >= 0 {
		k++
	}
	return s.names[k]
}

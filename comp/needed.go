package comp

import (
	"slices"

	"github.com/salesops-go/salesops/internal/exact"
)

// question is one call of Needed under way. Amounts are whole numbers of unit.
type question struct {
	c    *Calculator
	in   Case
	k    *component
	pay  exact.Num
	unit exact.Num
	err  error
}

func (q *question) answer() (Need, error) {
	q.unit = exact.Int(1)
	if of := q.k.Measure.Of; of != Units && of != Count {
		q.unit = exact.New(1, -q.c.places)
	}
	points, err := q.points()
	if err != nil {
		return Need{}, err
	}
	if earned := q.statement(nil); q.err != nil || earned.Cmp(q.pay) >= 0 {
		return Need{Earned: earned.Fixed(q.c.places)}, q.err
	}
	for i, lo := range points {
		if q.earns(lo) {
			return q.need(lo)
		}
		if q.err != nil {
			return Need{}, q.err
		}
		var hi exact.Num
		if i+1 < len(points) {
			hi = points[i+1].Sub(exact.Int(1))
		} else {
			hi = q.last(lo)
		}
		if hi.Cmp(lo) > 0 && q.earns(hi) {
			return q.need(q.between(lo, hi))
		}
	}
	if q.err != nil {
		return Need{}, q.err
	}
	return Need{}, &Error{Payee: q.in.Payee.ID, Path: "pay", Value: show(q.pay.Decimal()), Msg: "cannot be earned with any amount of " + q.k.ID, Err: ErrUnreachable}
}

// credits are the extra deals for n units.
func (q *question) credits(n exact.Num) []Credit {
	cr := Credit{Payee: q.in.Payee.ID}
	cr.Date, cr.Currency, cr.Event = q.in.Period.Last(), q.c.plan.Currency, q.k.on
	if len(q.k.Measure.Credits) > 0 {
		cr.Kind = q.k.Measure.Credits[0]
	}
	for key, values := range q.k.Measure.Where {
		if cr.Tags == nil {
			cr.Tags = make(Tags)
		}
		if len(values) > 0 {
			cr.Tags[key] = values[0]
		}
	}
	v := n.Mul(q.unit).Fixed(max(q.c.places, 0))
	count := 1
	switch q.k.Measure.Of {
	case Margin:
		cr.Margin = v
	case Units:
		cr.Units = v
	case Count:
		count = int(n.Fixed(0).CoefficientInt64())
	default:
		cr.Amount = v
	}
	out := make([]Credit, count)
	for i := range out {
		out[i] = cr
	}
	return q.c.with(q.in, out).Credits[len(q.in.Credits):]
}

// earned is what the statement earns with a deal of n units, or n deals, more.
func (q *question) earned(n exact.Num) exact.Num { return q.statement(q.credits(n)) }

func (q *question) statement(extra []Credit) exact.Num {
	if q.err != nil {
		return exact.Num{}
	}
	st, err := q.c.WhatIf(q.in, extra...)
	q.err = err
	return exact.From(st.Earned)
}

func (q *question) earns(n exact.Num) bool { return q.earned(n).Cmp(q.pay) >= 0 && q.err == nil }

func (q *question) need(n exact.Num) (Need, error) {
	earned := q.earned(n)
	if q.err != nil {
		return Need{}, q.err
	}
	return Need{More: n.Mul(q.unit).Decimal(), Credits: q.credits(n), Earned: earned.Fixed(q.c.places)}, nil
}

// between returns the least n in (lo, hi] that earns enough, where lo does not
// and hi does, and pay does not fall in between. It reads the answer off the
// line between the two and, where cents or a limit bend that line, narrows it.
func (q *question) between(lo, hi exact.Num) exact.Num {
	low, high := q.earned(lo), q.earned(hi)
	one := exact.Int(1)
	for halve := false; hi.Sub(lo).Cmp(one) > 0 && q.err == nil; halve = !halve {
		width := hi.Sub(lo)
		step, ok := exact.Quo(width.Mul(q.pay.Sub(low)), high.Sub(low), 0, exact.Down)
		if !ok || halve {
			step, _ = exact.Quo(width, exact.Int(2), 0, exact.Down)
		}
		step = highest(one, lowest(step, width.Sub(one)))
		at := lo.Add(step)
		v := q.earned(at)
		if v.Cmp(q.pay) < 0 {
			lo, low = at, v
			if halve {
				continue
			}
			// The line points just below the answer: look next door.
			if next := at.Add(one); next.Cmp(hi) < 0 {
				if v := q.earned(next); v.Cmp(q.pay) >= 0 {
					return next
				}
			}
			continue
		}
		hi, high = at, v
		if before := at.Sub(one); before.Cmp(lo) > 0 {
			if v := q.earned(before); v.Cmp(q.pay) < 0 {
				return at
			}
		}
	}
	return hi
}

// last is a number of units past lo, in the open last stretch, that earns enough
// if any does: a line that rises is followed until it gets there.
func (q *question) last(lo exact.Num) exact.Num {
	hi, first, most := lo, exact.New(1, 4), exact.New(1, 16)
	if q.k.Measure.Of == Count {
		first, most = exact.Int(8), exact.Int(maxCount)
	}
	for width := first; lo.Cmp(hi) == 0 || hi.Sub(lo).Cmp(most) < 0 && q.err == nil; width = width.Mul(first) {
		width = lowest(width, most)
		hi = lo.Add(width)
		if q.earned(hi).Cmp(q.pay) >= 0 {
			return hi
		}
	}
	return hi
}

// points are the numbers of units at which something in the plan changes, and
// those just before and after, in order, from 0 on.
func (q *question) points() ([]exact.Num, error) {
	in := q.c.with(q.in, q.credits(exact.Int(1)))
	r := run{faults: &faults{payee: q.in.Payee.ID}, c: q.c, in: &in, scratch: q.c.scratch(len(in.Credits))}
	defer q.c.release(r.scratch)
	if err := r.prepare(); err != nil {
		return nil, err
	}
	for j := range r.c.comps {
		r.measured[j] = r.measure(&r.c.comps[j])
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	out := []exact.Num{{}}
	first := len(in.Credits) - 1
	for j := range r.c.comps {
		k := &r.c.comps[j]
		for ti := range r.measured[j].tallies {
			t := &r.measured[j].tallies[ti]
			for i := range t.items {
				if it := &t.items[i]; it.row == int32(first) {
					out = q.changes(out, &r, k, j, t, it)
				}
			}
		}
	}
	slices.SortFunc(out, exact.Num.Cmp)
	return slices.CompactFunc(out, func(a, b exact.Num) bool { return a.Cmp(b) == 0 }), nil
}

// changes adds the points at which component k changes for the extra item.
func (q *question) changes(out []exact.Num, r *run, k *component, j int, t *tally, it *item) []exact.Num {
	weight := exact.Int(1)
	if it.lift >= 0 {
		weight = k.lifts[it.lift].credit
	}
	if weight.Sign() <= 0 {
		return out // no deal moves the position
	}
	moves := q.unit.Mul(weight)
	at := t.end.Sub(r.credit(k, it))
	near := func(position exact.Num) {
		n, _ := exact.Quo(position.Sub(at), moves, 0, exact.Down)
		if w := k.Measure.Windfall; w != nil && k.Measure.Of != Count {
			over, share := exact.From(w.Over), exact.From(w.Share)
			if whole, _ := exact.Quo(over, q.unit, 0, exact.Down); n.Cmp(whole) >= 0 && !share.IsZero() {
				rest, _ := exact.Quo(position.Sub(at).Sub(over.Mul(weight)), moves.Mul(share), 0, exact.Down)
				n = whole.Add(rest)
			}
		}
		for i := range 4 {
			if p := n.Add(exact.Int(int64(i - 1))); p.Sign() > 0 {
				out = append(out, p)
			}
		}
	}
	bounds := func(tbl *table) {
		if tbl == nil {
			return
		}
		for _, from := range tbl.from {
			near(from.Mul(t.quota))
		}
	}
	bounds(k.curve)
	if k.grid != nil {
		bounds(k.grid.cols)
	}
	for i := range k.gates {
		bounds(k.gates[i].shut)
	}
	for o := range q.c.comps {
		other := &q.c.comps[o]
		for i := range other.gates {
			if other.gates[i].of == j {
				bounds(other.gates[i].reach)
			}
		}
		for i := range other.factors {
			if other.factors[i].of == j {
				bounds(other.factors[i].table)
			}
		}
		if other.across == j && other.grid != nil {
			bounds(other.grid.rows)
		}
	}
	if w := k.Measure.Windfall; w != nil {
		near(at.Add(exact.From(w.Over).Mul(weight)))
	}
	return out
}

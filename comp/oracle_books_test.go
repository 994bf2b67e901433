package comp_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// The oracle tests are worked examples that others have published, named E01 to
// E67 by the docs; go test -run E22 runs one. Each says where it is from. Where a
// source gives the slices, rates or a property but not the money, the comment
// says that the money is ours.

// account is the statements of a payee under one plan, closed one after another.
type account struct {
	t    testing.TB
	calc *comp.Calculator
	// in has the payee, and all credits, scores and manual amounts known so far;
	// its Prior is the state that the last statement left.
	in    comp.Case
	after comp.Balances
}

func openBooks(t testing.TB, p comp.Plan, who comp.Payee) *account {
	t.Helper()
	zero := decimal.Decimal{}
	return &account{
		t: t, calc: calculator(t, p), in: comp.Case{Payee: who},
		after: comp.Balances{Held: zero, Deferred: zero, Draw: zero, Carry: zero},
	}
}

// close makes the statement of the pay period that holds a day, with more
// credits known than before, and checks what is true of every statement: its
// lines sum to what is paid, its balances go on from the statement before, and
// closing it again books nothing.
func (b *account) close(day string, more ...comp.Credit) comp.Statement {
	b.t.Helper()
	plan := b.calc.Plan()
	every := plan.Every
	if every == "" {
		every = salesops.Month
	}
	b.in.Credits = append(b.in.Credits, more...)
	b.in.Period = plan.Calendar.Period(every, on(day))
	st, next := calculate(b.t, b.calc, b.in)
	sum := decimal.Decimal{}
	for _, l := range st.Lines {
		sum = sum.Add(l.Amount)
	}
	if !sum.Equal(st.Net) {
		b.t.Errorf("%s: the lines sum to %s, but Net is %s", day, sum.StringFixed(2), st.Net.StringFixed(2))
	}
	if diff := cmp.Diff(b.after, st.Before); diff != "" {
		b.t.Errorf("%s: balances before differ from those after the last statement (-after +before):\n%s", day, diff)
	}
	b.in.Prior, b.after = next, st.After
	again, _ := calculate(b.t, b.calc, b.in)
	if !again.Net.IsZero() || len(again.Lines) > 0 {
		b.t.Errorf("%s: closed again, the period books %s more in %d lines, want nothing", day, again.Net.StringFixed(2), len(again.Lines))
	}
	return st
}

// wantLine compares the amount of the line with that ID, and its kind.
func wantLine(t testing.TB, st comp.Statement, id string, kind comp.Kind, want string) {
	t.Helper()
	l, ok := st.Line(id)
	if !ok {
		ids := make([]string, len(st.Lines))
		for i := range st.Lines {
			ids[i] = st.Lines[i].ID
		}
		t.Errorf("no line %s; there are %q", id, ids)
		return
	}
	if l.Kind != kind {
		t.Errorf("line %s is of kind %s, want %s", id, l.Kind, kind)
	}
	same(t, "line "+id, l.Amount, want)
}

// attainedBy returns where a component stands.
func attainedBy(t testing.TB, st comp.Statement, id string) comp.Attained {
	t.Helper()
	i := slices.IndexFunc(st.Attained, func(a comp.Attained) bool { return a.Component == id })
	if i < 0 {
		t.Fatalf("component %s has no attainment", id)
	}
	return st.Attained[i]
}

// wantPays checks rows of position and cumulative pay, given in the order in which
// the position moves, for a curve whose bounds are told in attainment when quota
// is set and in the measure otherwise: through the methods of Curve, through a
// statement for each row alone, and through statements month by month, in which
// each pays what the row gains on the row before.
func wantPays(t *testing.T, c comp.Curve, quota string, rows ...[2]string) {
	t.Helper()
	t.Run("curve", func(t *testing.T) { curvePays(t, inMeasure(c, quota), rows...) })
	plan := comp.Plan{Negative: comp.Charge, Components: []comp.Component{{
		ID: "sales", Measure: comp.Measure{Reset: comp.PerPlan}, Curve: &c,
	}}}
	who := payee("0")
	if quota != "" {
		plan.Components[0].Measure.Quota = "sales"
		who = payee("0", "sales", quota)
	}
	t.Run("one deal", func(t *testing.T) {
		for _, row := range rows {
			b := openBooks(t, plan, who)
			var deals []comp.Credit
			if !d(row[0]).IsZero() {
				deals = append(deals, booking("deal", "2026-01-15", row[0]))
			}
			st := b.close("2026-01-01", deals...)
			same(t, "pay for "+row[0], st.Net, row[1])
			same(t, "attained with "+row[0], attainedBy(t, st, "sales").Measure, row[0])
		}
	})
	t.Run("month by month", func(t *testing.T) {
		b := openBooks(t, plan, who)
		var at, paid decimal.Decimal
		for i, row := range rows {
			day := fmt.Sprintf("2026-%02d-10", i+1)
			var deals []comp.Credit
			if move := d(row[0]).Sub(at); !move.IsZero() {
				deals = append(deals, booking("deal "+day, day, move.StringFixed(6)))
			}
			st := b.close(day, deals...)
			at, paid = d(row[0]), paid.Add(st.Net)
			same(t, "paid in all at "+row[0], paid, row[1])
			for _, l := range st.Lines {
				if len(deals) > 0 && l.Deal == deals[0].ID {
					same(t, "position on the line", l.Position, row[0])
				}
			}
		}
	})
}

// inMeasure tells the bounds of a curve in the measure.
func inMeasure(c comp.Curve, quota string) comp.Curve {
	if quota == "" {
		return c
	}
	c.Bands = slices.Clone(c.Bands)
	for i := range c.Bands {
		c.Bands[i].From = c.Bands[i].From.Mul(d(quota))
	}
	return c
}

// curvePays checks all methods of a curve at and between positions.
func curvePays(t *testing.T, c comp.Curve, rows ...[2]string) {
	t.Helper()
	cent := decimal.New(1, -2)
	for i, row := range rows {
		x, want := d(row[0]), d(row[1])
		same(t, "Pay("+row[0]+")", c.Pay(x), row[1])
		pay, slices := c.At(x)
		same(t, "At("+row[0]+")", pay, row[1])
		sumsTo(t, "At("+row[0]+")", slices, want)
		if rate, ok := c.EffectiveRate(x); ok == x.IsZero() || ok && !rate.Mul(x).Round(6).Equal(want) {
			t.Errorf("EffectiveRate(%s) = %s, %t; it does not give %s", row[0], rate.StringFixed(12), ok, row[1])
		}
		for _, before := range rows[:i+1] {
			x0, was := d(before[0]), d(before[1])
			up, parts := c.Between(x0, x)
			same(t, "Between("+before[0]+", "+row[0]+")", up, want.Sub(was).StringFixed(6))
			sumsTo(t, "Between("+before[0]+", "+row[0]+")", parts, up)
			down, parts := c.Between(x, x0)
			same(t, "Between("+row[0]+", "+before[0]+")", down, was.Sub(want).StringFixed(6))
			sumsTo(t, "Between("+row[0]+", "+before[0]+")", parts, down)
		}
		if x.IsNegative() {
			continue
		}
		least, ok := c.Inverse(want, 2)
		switch {
		case !ok || least.GreaterThan(x) || least.IsNegative():
			t.Errorf("Inverse(%s) = %s, %t, but %s pays that much", row[1], least.StringFixed(2), ok, row[0])
		case c.Pay(least).LessThan(want):
			t.Errorf("Inverse(%s) = %s, which pays only %s", row[1], least.StringFixed(2), c.Pay(least).StringFixed(6))
		case least.IsPositive() && !c.Pay(least.Sub(cent)).LessThan(want):
			t.Errorf("Inverse(%s) = %s, but a cent less pays it too", row[1], least.StringFixed(2))
		}
	}
}

// sumsTo checks that slices sum to a pay, and each to its own arithmetic.
func sumsTo(t testing.TB, what string, slices []comp.Slice, want decimal.Decimal) {
	t.Helper()
	sum := decimal.Decimal{}
	for _, s := range slices {
		sum = sum.Add(s.Pay)
		rated := s.Rate.Mul(s.To.Sub(s.From))
		if !rated.Add(s.Flat).Equal(s.Pay) && !rated.Neg().Add(s.Flat).Equal(s.Pay) && !s.Rate.IsZero() {
			t.Errorf("%s: slice %+v: rate × (to − from) + flat is not its pay", what, s)
		}
	}
	if !sum.Equal(want) {
		t.Errorf("%s: slices sum to %s, want %s", what, sum.StringFixed(6), want.StringFixed(6))
	}
}

// sliced compares the slices at x with rows of from, to, rate and pay.
func sliced(t *testing.T, c comp.Curve, x string, rows ...[4]string) {
	t.Helper()
	_, slices := c.At(d(x))
	if len(slices) != len(rows) {
		t.Fatalf("At(%s) has %d slices, want %d: %+v", x, len(slices), len(rows), slices)
	}
	for i, row := range rows {
		what := fmt.Sprintf("At(%s), slice %d: ", x, i)
		same(t, what+"from", slices[i].From, row[0])
		same(t, what+"to", slices[i].To, row[1])
		same(t, what+"rate", slices[i].Rate, row[2])
		same(t, what+"pay", slices[i].Pay, row[3])
	}
}

package comp_test

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// books is a year of one payee's statements, and what they must come to by a
// model in rational numbers: rates of two bands on attainment of the year,
// rounded once; 60 % payable at booking, the rest as the customer pays; and a
// recoverable guarantee.
type books struct {
	plan    comp.Plan
	calc    *comp.Calculator
	payee   comp.Payee
	quota   decimal.Decimal
	low     decimal.Decimal // rate up to the quota
	high    decimal.Decimal // and above
	periods []salesops.Period
	open    int // the period that is run next
	closed  bool
	credits []comp.Credit
	deals   []int // credits that are bookings
	state   comp.State
	last    comp.Statement

	// sums over all statements
	earned, payable, paid decimal.Decimal
	lines                 map[string]decimal.Decimal
}

func newBooks(t *rapid.T) *books {
	b := &books{quota: d("1000"), low: d("0.1"), high: d("0.2"), lines: make(map[string]decimal.Decimal)}
	b.plan = comp.Plan{
		ID: "plan", Version: 1, Currency: "USD", Span: year(),
		Draws: []comp.Draw{{Kind: comp.Guarantee, Span: year(), Amount: number(t, "guarantee", 0, 30, 2), Recover: one}},
		Holds: []comp.Hold{{Parts: []comp.HoldPart{{On: comp.Booking, Share: d("0.6")}, {On: comp.Payment, Share: d("0.4"), Pro: true}}}},
	}
	b.periods = salesops.Calendar{}.Tile(salesops.Month, year())
	b.edition(t)
	return b
}

// edition puts the current rates and quota into force.
func (b *books) edition(t rapid.TB) {
	curve := comp.Curve{Mode: comp.Marginal, Bands: []comp.Band{{Rate: b.low}, {From: one, Rate: b.high}}}
	b.plan.Components = []comp.Component{{ID: "arr", Measure: comp.Measure{Reset: comp.PerYear, Quota: "arr"}, Curve: &curve}}
	c, err := comp.New(b.plan)
	if err != nil {
		t.Fatal(err)
	}
	b.calc = c
	b.payee = comp.Payee{ID: "ana", Terms: []comp.Term{{Plan: "plan", Quotas: map[string]comp.Goal{"arr": {Amount: b.quota}}}}}
}

// day draws a day up to the end of the open period; late ones among them.
func (b *books) day(t *rapid.T, from salesops.Date) salesops.Date {
	return from.AddDays(rapid.IntRange(0, max(0, b.periods[b.open].Last().DaysSince(from))).Draw(t, "day"))
}

func (b *books) add(ref string, kind comp.Event, date salesops.Date, amount decimal.Decimal) {
	b.credits = append(b.credits, comp.Credit{
		Deal:  comp.Deal{ID: "r" + strconv.Itoa(len(b.credits)), Ref: ref, Event: kind, Date: date, Currency: "USD", Amount: amount},
		Payee: "ana",
	})
}

func (b *books) book(t *rapid.T) {
	b.deals = append(b.deals, len(b.credits))
	b.add("", comp.Booking, b.day(t, year().Start), number(t, "deal", 0, 900, 2))
}

// some draws a deal; if there is none, it skips the action.
func (b *books) some(t *rapid.T) comp.Credit {
	if len(b.deals) == 0 {
		t.Skip("no deal yet: a precondition of the action, which rapid then draws anew")
	}
	return b.credits[pick(t, "deal", b.deals...)]
}

func (b *books) refund(t *rapid.T) {
	deal := b.some(t)
	left := deal.Amount
	for _, cr := range b.credits {
		if cr.Ref == deal.ID && cr.Event == comp.Refund {
			left = left.Add(cr.Amount)
		}
	}
	part := left.Mul(decimal.New(int64(rapid.IntRange(0, 4).Draw(t, "quarters")), 0)).Mul(d("0.25")).Round(4)
	b.add(deal.ID, comp.Refund, b.day(t, deal.Date), part.Neg())
}

func (b *books) pay(t *rapid.T) {
	deal := b.some(t)
	b.add(deal.ID, comp.Payment, b.day(t, deal.Date), deal.Amount.Mul(pick(t, "paid", one, d("0.5"), d("0.3"))))
}

func (b *books) newQuota(t *rapid.T) {
	b.quota = number(t, "quota", 300, 3000, 2)
	b.edition(t)
}

func (b *books) newVersion(t *rapid.T) {
	b.plan.Version++
	b.low, b.high = number(t, "low", 0, 1, 3).Shift(-1), number(t, "high", 0, 1, 3)
	b.edition(t)
}

// run makes a statement of the open period, for the first time or again.
func (b *books) run(t *rapid.T) {
	st, next, err := b.calc.Calculate(comp.Case{Payee: b.payee, Period: b.periods[b.open], Credits: b.credits, Prior: b.state})
	if err != nil {
		t.Fatal(err)
	}
	w := world{plan: b.plan}
	sound(t, &w, st, next)
	if !st.Before.Draw.Equal(b.last.After.Draw) && !b.closed || !st.Before.Carry.Equal(b.last.After.Carry) && !b.closed {
		t.Fatalf("%s opens with %+v after %+v", st.Period, st.Before, b.last.After)
	}
	b.state, b.last, b.closed = next, st, true
	b.earned, b.payable, b.paid = b.earned.Add(st.Earned), b.payable.Add(st.Payable), b.paid.Add(st.Net)
	for _, l := range st.Lines {
		b.lines[l.ID] = b.lines[l.ID].Add(l.Amount)
	}
	b.check(t)
}

func (b *books) next(t *rapid.T) {
	if !b.closed {
		b.run(t)
	}
	if b.open == len(b.periods)-1 {
		t.Skip("the year is over: a precondition of the action, which rapid then draws anew")
	}
	b.open, b.closed = b.open+1, false
}

// check compares the books with the model. Between runs there is nothing to compare.
func (b *books) check(t *rapid.T) {
	if !b.closed {
		return
	}
	end := b.periods[b.open].End
	position, net, cash := ratOf(0), map[string]*big.Rat{}, map[string]*big.Rat{}
	sum := func(of map[string]*big.Rat, deal string, v decimal.Decimal) {
		if of[deal] == nil {
			of[deal] = ratOf(0)
		}
		of[deal] = plus(of[deal], rat(v))
	}
	for _, cr := range b.credits {
		if !cr.Date.Before(end) {
			continue
		}
		switch cr.Event {
		case comp.Booking:
			position = plus(position, rat(cr.Amount))
			sum(net, cr.ID, cr.Amount)
		case comp.Refund:
			position = plus(position, rat(cr.Amount))
			sum(net, cr.Ref, cr.Amount)
		case comp.Payment:
			sum(cash, cr.Ref, cr.Amount)
		}
	}
	w := world{plan: b.plan}
	earned := times(rat(b.low), position)
	if above := minus(position, rat(b.quota)); above.Sign() > 0 {
		earned = plus(times(rat(b.low), rat(b.quota)), times(rat(b.high), above))
	}
	if earned = w.money(earned); earned.Cmp(rat(b.earned)) != 0 {
		t.Fatalf("%s: the statements earn %s, the model %s", b.periods[b.open], text(b.earned), earned.FloatString(4))
	}
	// What a deal earned is in the ledger; what of it is held is the model's.
	byDeal := make(map[string]*big.Rat)
	for _, e := range b.state.Booked {
		if !b.lines[e.ID].Equal(e.Total) {
			t.Fatalf("%s: the ledger says %s, its lines %s", e.ID, text(e.Total), text(b.lines[e.ID]))
		}
		if kindOf(e) == comp.Earn || kindOf(e) == comp.Clawed {
			deal := nameOf(e)
			if e.Ref != "" {
				deal = e.Ref
			}
			sum(byDeal, deal, e.Total)
		}
	}
	held := ratOf(0)
	for deal, v := range byDeal {
		if v.Sign() <= 0 {
			continue
		}
		part := ratOf(0)
		if total := net[deal]; cash[deal] != nil && total.Sign() > 0 {
			if part = over(cash[deal], total); part.Cmp(ratOf(1)) > 0 {
				part = ratOf(1)
			}
		} else if cash[deal] != nil {
			part = ratOf(1)
		}
		part = plus(big.NewRat(6, 10), times(big.NewRat(4, 10), part))
		held = plus(held, minus(v, w.money(times(v, part))))
	}
	if held.Cmp(rat(b.last.After.Held)) != 0 {
		t.Fatalf("%s: %s is held, by the model %s", b.periods[b.open], text(b.last.After.Held), held.FloatString(4))
	}
	after := b.last.After
	if !b.earned.Equal(b.payable.Add(after.Held)) {
		t.Fatalf("%s: %s earned, %s payable, %s held", b.periods[b.open], text(b.earned), text(b.payable), text(after.Held))
	}
	if !b.paid.Equal(b.payable.Add(after.Draw).Add(after.Carry)) {
		t.Fatalf("%s: %s paid, %s payable, %s owed, %s carried", b.periods[b.open], text(b.paid), text(b.payable), text(after.Draw), text(after.Carry))
	}
}

func TestBooks(t *testing.T) { rapid.Check(t, propBooks) }

// Whatever happens, in whatever order: the statements sum to what the model makes
// of all that is known, the ledger to the statements, and no balance is negative.
func propBooks(t *rapid.T) {
	b := newBooks(t)
	t.Repeat(map[string]func(*rapid.T){
		"book a deal": b.book, "refund a part": b.refund, "pay": b.pay, "change the quota": b.newQuota,
		"new version of the plan": b.newVersion, "run the period": b.run, "go to the next period": b.next,
	})
	b.run(t)
}

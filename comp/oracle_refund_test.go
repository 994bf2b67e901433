package comp_test

import (
	"testing"

	"github.com/salesops-go/salesops/comp"
)

// flat is a plan that pays one rate on what is booked.
func flat(rate string, claw *comp.Clawback) comp.Plan {
	c := bands(comp.Marginal, comp.At, []string{"0", rate})
	return comp.Plan{
		Negative: comp.Charge, Clawback: claw,
		Components: []comp.Component{{ID: "sales", Measure: comp.Measure{Reset: comp.PerPlan}, Curve: &c}},
	}
}

// Odoo Enterprise, user test of sale_commission: 4 % of what is sold and 6 % of
// what is invoiced, 80 and 120 on 2,000. The total of 600 is of three such orders;
// the refund of one invoice takes its 120 back, but not the 80.
func TestE38_refundOfAnInvoice(t *testing.T) {
	sold, invoiced := bands(comp.Marginal, comp.At, []string{"0", "0.04"}), bands(comp.Marginal, comp.At, []string{"0", "0.06"})
	plan := comp.Plan{Components: []comp.Component{
		{ID: "sold", Measure: comp.Measure{Reset: comp.PerPlan}, Curve: &sold},
		{ID: "invoiced", Measure: comp.Measure{Reset: comp.PerPlan, On: comp.Invoice}, Curve: &invoiced},
	}}
	for name, x := range map[string]struct {
		claw *comp.Clawback
		pay  string // of the curve; a booked line that is reversed leaves it alone
	}{
		"credit":                    {nil, "240"},
		"booked":                    {&comp.Clawback{}, "360"},
		"booked, out of attainment": {&comp.Clawback{Credit: true}, "360"},
		"re-rated":                  {&comp.Clawback{Rerate: true}, "240"},
	} {
		t.Run(name, func(t *testing.T) {
			plan.Clawback = x.claw
			b := openBooks(t, plan, payee("0"))
			var deals []comp.Credit
			for _, id := range []string{"a", "b", "c"} {
				deals = append(deals, booking(id, "2026-01-10", "2000"), event(id+"-invoice", id, comp.Invoice, "2026-01-20", "2000"))
			}
			st := b.close("2026-01-01", deals...)
			same(t, "total", st.Net, "600")
			wantLine(t, st, "earn/sold/a/2026-01-01", comp.Earn, "80")
			wantLine(t, st, "earn/invoiced/a-invoice/2026-01-01", comp.Earn, "120")

			st = b.close("2026-02-01", event("refund", "b-invoice", comp.Refund, "2026-02-05", "-2000"))
			same(t, "taken back", st.Earned, "-120")
			if len(st.Lines) != 2 {
				t.Errorf("%d lines, want the clawback and the carry: %+v", len(st.Lines), st.Lines)
			}
			same(t, "paid", st.Net, "0")
			same(t, "owed by the payee", st.After.Carry, "120")
			same(t, "pay for what is invoiced", attainedBy(t, st, "invoiced").Pay, x.pay)
		})
	}
}

// ADempiere issue 1628: credit notes take commission back, and do not add to it.
func TestE39_creditNotes(t *testing.T) {
	b := openBooks(t, flat("0.04", nil), payee("0"))
	st := b.close("2026-01-01", booking("invoices", "2026-01-10", "1000"), event("note", "invoices", comp.Refund, "2026-01-20", "-200"))
	same(t, "net", st.Net, "32")
	wantLine(t, st, "earn/sales/invoices/2026-01-01", comp.Earn, "40")
	wantLine(t, st, "clawback/sales/note/2026-01-01", comp.Clawed, "-8")
	for _, claw := range []comp.Clawback{{}, {Credit: true}, {Rerate: true}} {
		st := openBooks(t, flat("0.04", &claw), payee("0")).close("2026-01-01",
			booking("invoices", "2026-01-10", "1000"), event("note", "invoices", comp.Refund, "2026-01-20", "-200"))
		same(t, "net under a clawback", st.Net, "32")
	}
}

// Xactly, "Plan Design: Commission Clawback": of a minimum the commission as
// calculated is taken back, not the minimum that was paid.
func TestE43_clawbackOfAMinimum(t *testing.T) {
	least := d("10")
	plan := flat("0.05", &comp.Clawback{})
	plan.Components[0].Limits = []comp.Limit{{Per: comp.PerDeal, Min: &least}}
	b := openBooks(t, plan, payee("0"))
	st := b.close("2026-01-01", booking("a", "2026-01-10", "100"))
	same(t, "paid", st.Net, "10")
	wantLine(t, st, "earn/sales/a/2026-01-01", comp.Earn, "5")
	wantLine(t, st, "floor/sales#0/a/2026-01-01", comp.Floored, "5")
	st = b.close("2026-02-01", event("gone", "a", comp.Cancel, "2026-02-10", "-100"))
	same(t, "taken back", st.Net, "-5")
	wantLine(t, st, "clawback/sales/gone/2026-02-01", comp.Clawed, "-5")
}

// Core8 docs, "Clawbacks and Early Exit": half of what was earned goes back.
func TestE44_earlyExit(t *testing.T) {
	half := comp.Curve{Mode: comp.Step, Bands: []comp.Band{{Pay: d("0.5")}}}
	b := openBooks(t, flat("0.10", &comp.Clawback{Months: 12, Shape: &half}), payee("0"))
	same(t, "earned", b.close("2026-01-01", booking("a", "2026-01-10", "100000")).Net, "10000")
	st := b.close("2026-05-01", event("exit", "a", comp.Cancel, "2026-05-10", "-100000"))
	same(t, "taken back", st.Net, "-5000")
	wantLine(t, st, "clawback/sales/exit/2026-05-01", comp.Clawed, "-5000")

	// Ours: the last day of the twelve months, and the day after.
	for day, want := range map[string]string{"2026-12-09": "-5000", "2027-01-09": "-5000", "2027-01-10": "0"} {
		plan := flat("0.10", &comp.Clawback{Months: 12, Shape: &half})
		plan.Span = period("2026-01-01", "2028-01-01")
		b := openBooks(t, plan, payee("0"))
		b.close("2026-01-01", booking("a", "2026-01-10", "100000"))
		same(t, "taken back on "+day, b.close(day, event("exit", "a", comp.Cancel, day, "-100000")).Net, want)
	}
}

// vesting keeps the share of twelve months that have gone by.
func vesting() *comp.Clawback {
	kept := knots([2]string{"0", "0"}, [2]string{"1", "1"})
	return &comp.Clawback{Months: 12, Shape: &kept}
}

// Rally Software, fiscal 2011 plan (exhibit 10.151 to Form S-1): of a twelve-month
// obligation that ends after eight, 4/12 go back, of the fees unpaid, at the rate
// originally paid. Told as the whole deal under a curve of the share kept, and as
// a refund of the fees unpaid, it comes to the same. The money is ours.
func TestE45_obligationOfTwelveMonths(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.10"}, []string{"12000", "0.15"})
	for name, x := range map[string]struct {
		claw   *comp.Clawback
		refund string
	}{
		"share kept":  {vesting(), "-12000"},
		"unpaid fees": {&comp.Clawback{}, "-4000"},
	} {
		t.Run(name, func(t *testing.T) {
			plan := flat("0", x.claw)
			plan.Components[0].Curve = &c
			b := openBooks(t, plan, payee("0"))
			same(t, "originally paid", b.close("2026-01-01", booking("a", "2026-01-10", "12000")).Net, "1200")
			same(t, "another deal, at 15 %", b.close("2026-02-01", booking("b", "2026-02-10", "12000")).Net, "1800")
			st := b.close("2026-09-01", event("leaves", "a", comp.Cancel, "2026-09-10", x.refund))
			same(t, "4/12 of 1,200", st.Net, "-400")
		})
	}
}

// Zepys, "Refunds and Clawbacks": a twelve-month contract cancelled after six.
func TestE46_cancelledAfterHalf(t *testing.T) {
	b := openBooks(t, flat("0.10", vesting()), payee("0"))
	same(t, "earned", b.close("2026-01-01", booking("a", "2026-01-10", "12000")).Net, "1200")
	st := b.close("2026-07-01", event("cancelled", "a", comp.Cancel, "2026-07-10", "-12000"))
	same(t, "50 %", st.Net, "-600")
}

// Salesforce Spiff, "Clawback": a deal of June, paid 500, is cancelled in August;
// attainment stays.
func TestE47_attainmentStays(t *testing.T) {
	plan := flat("0", &comp.Clawback{})
	c := bands(comp.Marginal, comp.At, []string{"0", "0.05"}, []string{"1", "0.10"})
	plan.Components[0].Curve, plan.Components[0].Measure.Quota = &c, "sales"
	for _, claw := range []struct {
		comp.Clawback
		attained, next string
	}{
		{comp.Clawback{}, "10000", "100"},              // the next 1,000 are above quota
		{comp.Clawback{Credit: true}, "0", "50"},       // they are not
		{comp.Clawback{Credit: false}, "10000", "100"}, // as Spiff has it
	} {
		plan.Clawback = &claw.Clawback
		b := openBooks(t, plan, payee("0", "sales", "10000"))
		same(t, "June", b.close("2026-06-01", booking("june", "2026-06-10", "10000")).Net, "500")
		b.close("2026-07-01")
		st := b.close("2026-08-01", event("cancelled", "june", comp.Cancel, "2026-08-10", "-10000"))
		same(t, "August", st.Net, "-500")
		wantLine(t, st, "clawback/sales/cancelled/2026-08-01", comp.Clawed, "-500")
		same(t, "attained", attainedBy(t, st, "sales").Measure, claw.attained)
		same(t, "September", b.close("2026-09-01", booking("next", "2026-09-10", "1000")).Net, claw.next)
	}
}

// tezgah issue 144: half of an order is captured at 10 %, half at 15 %. A refund
// of the first capture reverses 10 %, not the order's blended 12.5 %.
func TestE48_rateOfTheCapture(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.10"}, []string{"500", "0.15"})
	for name, captures := range map[string]struct {
		on        comp.Event
		bookings  []comp.Credit
		one, half comp.Credit
	}{
		"payments of one order": {
			comp.Payment,
			[]comp.Credit{booking("order", "2026-01-05", "1000")},
			event("one", "order", comp.Payment, "2026-01-10", "500"), event("half", "order", comp.Payment, "2026-02-10", "500"),
		},
		"invoices of one order": {
			comp.Invoice,
			[]comp.Credit{booking("order", "2026-01-05", "1000")},
			event("one", "order", comp.Invoice, "2026-01-10", "500"), event("half", "order", comp.Invoice, "2026-02-10", "500"),
		},
		"two bookings": {comp.Booking, nil, booking("one", "2026-01-10", "500"), booking("half", "2026-02-10", "500")},
	} {
		for refunded, want := range map[string]string{"one": "-50", "half": "-75"} {
			t.Run(name+", refund of "+refunded, func(t *testing.T) {
				plan := flat("0", &comp.Clawback{Rerate: false})
				plan.Components[0].Curve, plan.Components[0].Measure.On = &c, captures.on
				b := openBooks(t, plan, payee("0"))
				same(t, "first half", b.close("2026-01-01", append(captures.bookings, captures.one)...).Net, "50")
				same(t, "second half", b.close("2026-02-01", captures.half).Net, "75")
				st := b.close("2026-03-01", event("refund", refunded, comp.Refund, "2026-03-10", "-500"))
				same(t, "reversed", st.Net, want)
				wantLine(t, st, "clawback/sales/refund/2026-03-01", comp.Clawed, want)
			})
		}
	}
}

// The same when both captures lie before Since, so that only the ledger knows what
// they were booked at, and when one capture is refunded bit by bit.
func TestE48_rateOfTheCaptureInTheLedger(t *testing.T) {
	c := bands(comp.Marginal, comp.At, []string{"0", "0.10"}, []string{"500", "0.15"})
	plan := flat("0", &comp.Clawback{})
	plan.Components[0].Curve, plan.Components[0].Measure = &c, comp.Measure{On: comp.Payment, Reset: comp.PerMonth}
	for _, since := range []string{"", "2026-03-01", "2026-04-01", "each month"} {
		for refunded, want := range map[string]string{"one": "-50", "half": "-75"} {
			t.Run("since "+since+", refund of "+refunded, func(t *testing.T) {
				b := openBooks(t, plan, payee("0"))
				st := b.close("2026-01-01", booking("order", "2026-01-05", "1000"),
					event("one", "order", comp.Payment, "2026-01-10", "500"), event("half", "order", comp.Payment, "2026-01-20", "500"))
				same(t, "both halves", st.Net, "125")
				b.close("2026-02-01")
				refund := func(id, month, amount string) comp.Statement {
					if since == "each month" || since == month+"-01" {
						b.in.Since = on(month + "-01")
					}
					return b.close(month+"-01", event(id, refunded, comp.Refund, month+"-10", amount))
				}
				same(t, "two fifths", refund("first", "2026-03", "-200").Net, d(want).Mul(d("0.4")).StringFixed(2))
				same(t, "the rest", refund("second", "2026-04", "-300").Net, d(want).Mul(d("0.6")).StringFixed(2))
				same(t, "more than there was", refund("third", "2026-05", "-300").Net, "0")
			})
		}
	}
}

// lms-front issue 511: 1,000 are kept and 100 refunded, at 80 %, and the 80 on the
// refunded were paid before. What is owed is what it comes to now less what was
// booked; taking the refund out and off would make it 640.
func TestE49_recomputedLessBooked(t *testing.T) {
	for name, claw := range map[string]*comp.Clawback{
		"credit": nil, "booked": {}, "booked, out of attainment": {Credit: true}, "re-rated": {Rerate: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := openBooks(t, flat("0.80", claw), payee("0"))
			same(t, "paid before", b.close("2026-01-01", booking("refunded", "2026-01-10", "100")).Net, "80")
			st := b.close("2026-02-01", booking("kept", "2026-02-10", "1000"), event("refund", "refunded", comp.Refund, "2026-02-20", "-100"))
			same(t, "owed", st.Net, "720")
			wantLine(t, st, "earn/sales/kept/2026-02-01", comp.Earn, "800")
		})
	}
	t.Run("no longer credited", func(t *testing.T) {
		b := openBooks(t, flat("0.80", nil), payee("0"))
		b.close("2026-01-01", booking("refunded", "2026-01-10", "100"))
		b.in.Credits, b.in.Since = nil, on("2026-01-01")
		same(t, "owed", b.close("2026-02-01", booking("kept", "2026-02-10", "1000")).Net, "720")
	})
}

package comp_test

import (
	"testing"

	"github.com/salesops-go/salesops/comp"
)

// held is flat with a hold.
func held(rate string, parts ...comp.HoldPart) comp.Plan {
	p := flat(rate, nil)
	p.Holds = []comp.Hold{{Parts: parts}}
	return p
}

// OCA/commission issues 104 and 480: commission is due as the customer pays, also
// when it is settled again after each payment.
func TestE40_asTheCustomerPays(t *testing.T) {
	plan := held("0.20", comp.HoldPart{On: comp.Payment, Share: d("1"), Pro: true})
	b := openBooks(t, plan, payee("0"))
	st := b.close("2026-01-01", booking("invoice", "2026-01-10", "20000"))
	same(t, "commission", st.Earned, "4000")
	same(t, "payable", st.Payable, "0")
	same(t, "held", st.After.Held, "4000")
	wantLine(t, st, "hold/sales/invoice/2026-01-01", comp.Held, "-4000")
	for _, x := range []struct{ month, held string }{{"2026-02", "2000"}, {"2026-03", "0"}} {
		st = b.close(x.month+"-01", event("payment "+x.month, "invoice", comp.Payment, x.month+"-15", "10000"))
		same(t, "paid in "+x.month, st.Net, "2000")
		same(t, "held after "+x.month, st.After.Held, x.held)
		wantLine(t, st, "hold/sales/invoice/2026-01-01", comp.Released, "2000")
	}
	same(t, "paid later", b.close("2026-04-01").Net, "0")

	st = openBooks(t, plan, payee("0")).close("2026-01-01", booking("invoice", "2026-01-10", "1000"), event("payment", "invoice", comp.Payment, "2026-01-20", "500"))
	same(t, "500 of 1,000 received", st.Net, "100")
	same(t, "still held", st.After.Held, "100")

	// The same told as a measure: commission on payments.
	plan = flat("0.20", nil)
	plan.Components[0].Measure.On = comp.Payment
	b = openBooks(t, plan, payee("0"))
	same(t, "at the invoice", b.close("2026-01-01", booking("invoice", "2026-01-10", "20000")).Net, "0")
	same(t, "first payment", b.close("2026-02-01", event("one", "invoice", comp.Payment, "2026-02-15", "10000")).Net, "2000")
	same(t, "second payment", b.close("2026-03-01", event("two", "invoice", comp.Payment, "2026-03-15", "10000")).Net, "2000")
}

// QuotaPath, article 6457485 on payout eligibility: by the share invoiced, or by
// shares on dates.
func TestE41_eligibility(t *testing.T) {
	b := openBooks(t, held("0.10", comp.HoldPart{On: comp.Invoice, Share: d("1"), Pro: true}), payee("0"))
	st := b.close("2026-01-01", booking("deal", "2026-01-10", "10000"), event("invoice", "deal", comp.Invoice, "2026-01-20", "5000"))
	same(t, "earned", st.Earned, "1000")
	same(t, "eligible", st.Payable, "500")

	b = openBooks(t, held("0.10", comp.HoldPart{On: comp.Booking, Share: d("0.5")}, comp.HoldPart{On: comp.Booking, Months: 3, Share: d("0.5")}), payee("0"))
	for i, want := range []string{"500", "0", "0", "500", "0"} {
		var deals []comp.Credit
		if i == 0 {
			deals = append(deals, booking("deal", "2026-01-10", "10000"))
		}
		day := on("2026-01-01").AddMonths(i).String()
		same(t, "paid in the month of "+day, b.close(day, deals...).Net, want)
	}
}

// Oracle Sales Compensation, "Distributing Commission Through Transaction Factors"
// (distcmtr): 60, 20 and 20 % on order, invoice and payment. The factors are given,
// the money is ours.
func TestE42_transactionFactors(t *testing.T) {
	deals := [][]comp.Credit{
		{booking("order", "2026-01-10", "1000")},
		{event("invoice", "order", comp.Invoice, "2026-02-10", "1000")},
		{event("payment", "invoice", comp.Payment, "2026-03-10", "1000")},
	}
	want := []string{"600", "200", "200"}
	t.Run("hold", func(t *testing.T) {
		b := openBooks(t, held("1", comp.HoldPart{On: comp.Booking, Share: d("0.6")}, comp.HoldPart{On: comp.Invoice, Share: d("0.2")},
			comp.HoldPart{On: comp.Payment, Share: d("0.2")}), payee("0"))
		for i, left := range []string{"400", "200", "0"} {
			st := b.close(on("2026-01-01").AddMonths(i).String(), deals[i]...)
			same(t, "payable", st.Payable, want[i])
			same(t, "held", st.After.Held, left)
		}
	})
	t.Run("credit", func(t *testing.T) {
		plan := comp.Plan{}
		all := bands(comp.Marginal, comp.At, []string{"0", "1"})
		factors := []struct {
			on    comp.Event
			share string
		}{{comp.Booking, "0.6"}, {comp.Invoice, "0.2"}, {comp.Payment, "0.2"}}
		for _, f := range factors {
			plan.Components = append(plan.Components, comp.Component{ID: string(f.on), Curve: &all, Measure: comp.Measure{
				On: f.on, Reset: comp.PerPlan, Lifts: []comp.Lift{{Credit: d(f.share), Pay: d(f.share)}},
			}})
		}
		b := openBooks(t, plan, payee("0"))
		for i, f := range factors {
			day := on("2026-01-01").AddMonths(i)
			st := b.close(day.String(), deals[i]...)
			same(t, "paid on "+string(f.on), st.Net, want[i])
			same(t, "credited on "+string(f.on), attainedBy(t, st, string(f.on)).Measure, want[i])
		}
	})
}

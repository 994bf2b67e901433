package comp_test

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/comp"
)

// Two reps close a deal together, with the help of a solution engineer.
func ExampleSplitDeal() {
	deal := comp.Deal{ID: "D-1", Date: salesops.NewDate(2026, 3, 9), Currency: "USD", Amount: decimal.RequireFromString("99999.99")}
	credits, err := comp.SplitDeal(deal, []comp.Split{
		{Payee: "ana", Share: decimal.RequireFromString("0.75")},
		{Payee: "bo", Share: decimal.RequireFromString("0.25")},
		{Payee: "sam", Share: decimal.RequireFromString("1"), Overlay: true},
	}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range credits {
		fmt.Println(c.Payee, c.Kind, c.Amount.StringFixed(2))
	}
	// Output:
	// ana direct 74999.99
	// bo direct 25000.00
	// sam overlay 99999.99
}

// Who is credited with what? The west has changed hands in July, key accounts belong
// to nobody's territory, and the cloud specialist has an overlay on every cloud deal.
// A payment follows the deal that it is for.
func ExampleAssign() {
	whole := decimal.NewFromInt(1)
	july := salesops.NewDate(2026, 7, 1)
	west := comp.Match{"territory": {"CA", "OR", "WA"}}
	rules := []comp.CreditRule{
		{ID: "cloud", Where: comp.Match{"product": {"cloud"}}, Splits: []comp.Split{{Payee: "sam", Share: whole, Overlay: true}}},
		{ID: "key accounts", Where: comp.Match{"account": {"Acme"}}, Stop: true, Splits: []comp.Split{
			{Payee: "kim", Share: decimal.RequireFromString("0.8")},
			{Payee: "ana", Share: decimal.RequireFromString("0.2")},
		}},
		{ID: "west until June", Span: salesops.Period{End: july}, Where: west, Splits: []comp.Split{{Payee: "ana", Share: whole}}},
		{ID: "west from July", Span: salesops.Period{Start: july}, Where: west, Splits: []comp.Split{{Payee: "bo", Share: whole}}},
	}
	deals := []comp.Deal{
		{ID: "D-1", Date: salesops.NewDate(2026, 6, 30), Currency: "USD", Amount: decimal.NewFromInt(12000), Tags: comp.Tags{"territory": "CA", "product": "cloud"}},
		{ID: "P-1", Ref: "D-1", Event: comp.Payment, Date: salesops.NewDate(2026, 8, 15), Currency: "USD", Amount: decimal.NewFromInt(4000)},
		{ID: "D-2", Date: salesops.NewDate(2026, 7, 2), Currency: "USD", Amount: decimal.NewFromInt(5000), Tags: comp.Tags{"territory": "WA"}},
		{ID: "D-3", Date: salesops.NewDate(2026, 7, 3), Currency: "USD", Amount: decimal.NewFromInt(9000), Tags: comp.Tags{"territory": "CA", "account": "Acme"}},
		{ID: "D-4", Date: salesops.NewDate(2026, 7, 6), Currency: "USD", Amount: decimal.NewFromInt(700), Tags: comp.Tags{"territory": "TX"}},
	}
	credits, uncredited, err := comp.Assign(deals, rules, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range credits {
		fmt.Printf("%s  %-3s  %-7s  %8s  %s\n", c.ID, c.Payee, c.Kind, c.Amount.StringFixed(2), c.Via)
	}
	for _, d := range uncredited {
		fmt.Println(d.ID, "is nobody's")
	}
	// Output:
	// D-1  sam  overlay  12000.00  cloud
	// D-1  ana  direct   12000.00  west until June
	// P-1  sam  overlay   4000.00  cloud
	// P-1  ana  direct    4000.00  west until June
	// D-2  bo   direct    5000.00  west from July
	// D-3  kim  direct    7200.00  key accounts
	// D-3  ana  direct    1800.00  key accounts
	// D-4 is nobody's
}

// What do managers carry? Max has the deal of his two reps once, not twice; Vera above
// him as well. The refund comes after Bo has moved to Mia's team, and still reaches Max.
func ExampleRollUp() {
	half := decimal.RequireFromString("0.5")
	july := salesops.NewDate(2026, 7, 1)
	row := func(id, ref string, event comp.Event, on salesops.Date, amount int64) []comp.Credit {
		deal := comp.Deal{ID: id, Ref: ref, Event: event, Date: on, Currency: "USD", Amount: decimal.NewFromInt(amount)}
		return []comp.Credit{{Deal: deal, Payee: "ana", Share: half}, {Deal: deal, Payee: "bo", Share: half}}
	}
	credits := append(
		row("D-1", "", comp.Booking, salesops.NewDate(2026, 6, 30), 5000),
		row("R-1", "D-1", comp.Refund, salesops.NewDate(2026, 9, 1), -500)...)
	chart := []comp.Report{
		{Payee: "ana", Manager: "max"},
		{Payee: "bo", Manager: "max", Span: salesops.Period{End: july}},
		{Payee: "bo", Manager: "mia", Span: salesops.Period{Start: july}},
		{Payee: "max", Manager: "vera"},
		{Payee: "mia", Manager: "vera"},
	}
	up, err := comp.RollUp(credits, chart, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range up {
		fmt.Println(c.ID, c.Payee, c.Amount.StringFixed(2), "from", c.Via)
	}
	// Output:
	// D-1 max 10000.00 from ana, bo
	// D-1 vera 10000.00 from ana, bo
	// R-1 max -1000.00 from ana, bo
	// R-1 vera -1000.00 from ana, bo
}

// Credits in two currencies are converted at the rates of a table, each on its day.
func ExampleConvert() {
	table := map[string]string{"EUR 2026-01": "1.0837", "EUR 2026-02": "1.0912"}
	rate := func(from, _ string, on salesops.Date) (decimal.Decimal, bool) {
		text, ok := table[fmt.Sprintf("%s %d-%02d", from, on.Year(), on.Month())]
		if !ok {
			return decimal.Decimal{}, false
		}
		return decimal.RequireFromString(text), true
	}
	credits := []comp.Credit{
		{Payee: "ana", Deal: comp.Deal{ID: "D-1", Date: salesops.NewDate(2026, 1, 20), Currency: "EUR", Amount: decimal.RequireFromString("2500.50")}},
		{Payee: "ana", Deal: comp.Deal{ID: "D-2", Date: salesops.NewDate(2026, 1, 21), Currency: "USD", Amount: decimal.RequireFromString("800")}},
		{Payee: "ana", Deal: comp.Deal{ID: "D-3", Date: salesops.NewDate(2026, 2, 3), Currency: "EUR", Amount: decimal.RequireFromString("2500.50")}},
	}
	converted, err := comp.Convert(credits, "USD", rate)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range converted {
		fmt.Print(c.ID, " ", c.Amount.StringFixed(5), " ", c.Currency)
		if c.FX != nil {
			fmt.Print(" = ", c.FX.Amount.StringFixed(2), " ", c.FX.From, " × ", c.FX.Rate.StringFixed(4))
		}
		fmt.Println()
	}

	_, err = comp.Convert(credits, "GBP", rate)
	fmt.Println(err != nil)
	// Output:
	// D-1 2709.79185 USD = 2500.50 EUR × 1.0837
	// D-2 800.00000 USD
	// D-3 2728.54560 USD = 2500.50 EUR × 1.0912
	// true
}

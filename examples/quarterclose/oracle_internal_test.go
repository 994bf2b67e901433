package main

import (
	"bytes"
	"encoding/csv"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/salesops-go/salesops/examples/internal/sample"
)

// sampleRows reads a file of the sample into rows by column.
func sampleRows(t *testing.T, name string) []map[string]string {
	t.Helper()
	data, err := sample.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, rec := range records[1:] {
		row := map[string]string{}
		for i, h := range records[0] {
			row[h] = rec[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// sale is a rep's part of a deal of the third quarter.
type sale struct {
	day, id, kind, product string
	amount                 *big.Rat
}

// salesOfQ3 sorts what was won in the third quarter by rep.
func salesOfQ3(t *testing.T) map[string][]sale {
	t.Helper()
	shares := map[string][]map[string]string{}
	for _, row := range sampleRows(t, "splits.csv") {
		if row["overlay"] != "true" {
			shares[row["opportunity"]] = append(shares[row["opportunity"]], row)
		}
	}
	out := map[string][]sale{}
	for _, row := range sampleRows(t, "opportunities.csv") {
		day, err := time.Parse("1/2/2006", row["Close Date"])
		if err != nil {
			t.Fatal(err)
		}
		if row["Stage"] != "Closed Won" || day.Format("2006-01") < "2026-07" || day.Format("2006-01") > "2026-09" {
			continue
		}
		id := row["Opportunity ID"]
		s := sale{day.Format("2006-01-02"), id, row["Type"], row["Product Name"], rat(t, row["Amount"])}
		if len(shares[id]) == 0 {
			out[row["Opportunity Owner"]] = append(out[row["Opportunity Owner"]], s)
		}
		for _, share := range shares[id] {
			part := s
			part.amount = new(big.Rat).Mul(s.amount, rat(t, share["share"]))
			out[share["rep"]] = append(out[share["rep"]], part)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b sale) int { return strings.Compare(a.day+a.id, b.day+b.id) })
	}
	return out
}

// payOfQ3 is what the plan of the second half pays for sales, by hand.
func payOfQ3(sales []sale, quota *big.Rat) *big.Rat {
	type band struct{ from, rate *big.Rat } // rate is what each adds to the one before
	bands := []band{
		{big.NewRat(0, 1), big.NewRat(7, 100)},
		{big.NewRat(1, 2), big.NewRat(3, 100)},
		{big.NewRat(1, 1), big.NewRat(4, 100)},
		{big.NewRat(3, 2), big.NewRat(6, 100)},
	}
	customers, harbor := int64(0), 0
	for _, s := range sales {
		if s.kind == "New Business" {
			customers++
		}
		if s.product == "Harbor Security" && s.kind != "Renewal" {
			harbor++
		}
	}
	if customers == 0 {
		bands = bands[:2]
	}
	upTo := func(x *big.Rat) *big.Rat {
		pay := new(big.Rat)
		for _, b := range bands {
			if over := new(big.Rat).Sub(x, new(big.Rat).Mul(b.from, quota)); over.Sign() > 0 {
				pay.Add(pay, over.Mul(over, b.rate))
			}
		}
		return pay
	}
	pay, position, large := new(big.Rat), new(big.Rat), big.NewRat(200_000, 1)
	for _, s := range sales {
		counts := s.amount
		if counts.Cmp(large) > 0 {
			counts = new(big.Rat).Add(counts, large)
			counts.Quo(counts, big.NewRat(2, 1))
		}
		next := new(big.Rat).Add(position, counts)
		part := new(big.Rat).Sub(upTo(next), upTo(position))
		if s.kind == "Renewal" {
			part.Quo(part, big.NewRat(2, 1))
		}
		pay.Add(pay, part)
		position = next
	}
	if customers > 2 {
		pay.Add(pay, big.NewRat(750*(customers-2), 1))
	}
	switch {
	case harbor >= 3:
		pay.Add(pay, big.NewRat(2000, 1))
	case harbor >= 1:
		pay.Add(pay, big.NewRat(400, 1))
	}
	return pay
}

// What the reps earn on the deals of the third quarter equals a recomputation by
// hand, but for the cents of splits.
func TestSampleByHand(t *testing.T) {
	quotas := map[string]*big.Rat{}
	for _, row := range sampleRows(t, "quotas.csv") {
		if row["period"] == "FY2026-Q3" && row["measure"] == "bookings" {
			quotas[row["rep"]] = rat(t, row["amount"])
		}
	}
	sales := salesOfQ3(t)
	rows, _ := printed(t, closed(t), "What everybody earned")
	checked := 0
	for _, row := range rows {
		name := row["Person"]
		if quotas[name] == nil {
			continue
		}
		checked++
		want := payOfQ3(sales[name], quotas[name])
		off := new(big.Rat).Sub(rat(t, row["On deals"]), want)
		if off.Abs(off).Cmp(big.NewRat(1, 100)) > 0 {
			t.Errorf("%s: %s on deals, want %s", name, row["On deals"], want.FloatString(2))
		}
	}
	if checked != 29 {
		t.Errorf("%d reps checked, want 29", checked)
	}
}

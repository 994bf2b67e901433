package crm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/salesops-go/salesops"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops/examples/internal/crm"
)

// group puts a separator between thousands.
func group(digits, sep string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return digits
}

// Whatever way a file spells its days and amounts, the same ones are read, if
// one row of the file proves the spelling.
func TestSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		delimiter := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(t, "delimiter")
		point := rapid.SampledFrom([]string{".", ","}).Draw(t, "decimal sign")
		thousands := rapid.SampledFrom([]string{"", " ", "'", map[string]string{".": ",", ",": "."}[point]}).Draw(t, "thousands")
		sign := rapid.SampledFrom([]string{"%s", "$%s", "%s €", "EUR %s"}).Draw(t, "sign")
		spell := rapid.SampledFrom([]string{"%[1]d-%02[2]d-%02[3]d", "%[1]d-%02[2]d-%02[3]dT23:59:59.000Z", "%[2]d/%[3]d/%[1]d", "%02[3]d/%02[2]d/%[1]d 11:59 PM", "%[3]d.%[2]d.%[1]d", "%02[3]d-%02[2]d-%[1]d"}).Draw(t, "dates")
		n := rapid.IntRange(1, 12).Draw(t, "rows")
		proof := rapid.IntRange(0, n-1).Draw(t, "row that proves")

		var rows [][3]string
		var days []salesops.Date
		var amounts []decimal.Decimal
		for i := range n {
			day := salesops.NewDate(2020, 1, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
			places := rapid.IntRange(0, 3).Draw(t, "decimals")
			unscaled := rapid.Int64Range(-999_999_999, 999_999_999).Draw(t, "amount")
			if i == proof {
				day, places, unscaled = salesops.NewDate(2024, 12, 31), 2, 123_456
			}
			amount := decimal.New(unscaled, -int32(places))
			whole, frac, _ := strings.Cut(amount.Abs().StringFixed(int32(places)), ".")
			text := group(whole, thousands)
			if frac != "" {
				text += point + frac
			}
			if amount.Sign() < 0 {
				text = "-" + text
			}
			y, m, d := day.Civil()
			rows = append(rows, [3]string{"", fmt.Sprintf(spell, y, int(m), d), fmt.Sprintf(sign, text)})
			days, amounts = append(days, day), append(amounts, amount)
		}
		e, err := crm.Read(strings.NewReader(sf(delimiter, rows...)), "f", crm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range e.Opportunities {
			if o.Closed != days[i] || !o.Amount.Equal(amounts[i]) {
				t.Errorf("%q is read as %s and %s, want %s and %s", rows[i], o.Closed, o.Amount.StringFixed(3), days[i], amounts[i].StringFixed(3))
			}
		}
		if len(e.Opportunities) != n || len(e.Notes) != 0 {
			t.Errorf("%d rows and notes %q, want %d and none", len(e.Opportunities), e.Notes, n)
		}
	})
}

package metrics_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/metrics"
)

// chgWeeks is a linearity of the weeks of a quarter, clipped at both edges.
func chgWeeks(t accFatal) *metrics.Linearity {
	t.Helper()
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Week, chgQuarter())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

type chgBooking struct {
	day    int
	amount decimal.Decimal
}

func TestLinearity_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		refunds := rapid.Bool().Draw(t, "with refunds")
		bookings := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) chgBooking {
			a := chgAmount(t, "amount")
			if refunds && rapid.IntRange(0, 3).Draw(t, "refund") == 0 {
				a = a.Neg()
			}
			return chgBooking{rapid.IntRange(0, 89).Draw(t, "day"), a}
		}), 0, 12).Draw(t, "bookings")
		add := func(to *metrics.Linearity, i int) {
			if to.Shares() == nil && len(accBinary(t, to)) == len(accBinary(t, new(metrics.Linearity))) {
				*to = *chgWeeks(t)
			}
			if err := to.Add(chgQuarter().Start.AddDays(bookings[i].day), bookings[i].amount, "EUR"); err != nil {
				t.Fatal(err)
			}
		}
		l := accLaws(t, len(bookings), add)
		// Sub undoes Merge, and keeps the sub-periods.
		part, rest := chgWeeks(t), chgWeeks(t)
		for i := range bookings {
			if i%2 == 0 {
				add(part, i)
			} else {
				add(rest, i)
			}
		}
		left := chgWeeks(t)
		if err := errors.Join(left.Merge(l), left.Sub(part)); err != nil || accBinary(t, left) != accBinary(t, rest) {
			t.Fatalf("the whole less a part is %s, want %s (%v)", accJSON(t, left), accJSON(t, rest), err)
		}
		chgLinearityFigures(t, l, bookings)
	})
}

// chgLinearityFigures compares the figures with those had the slow way, in fractions.
func chgLinearityFigures(t *rapid.T, l *metrics.Linearity, bookings []chgBooking) {
	tiles := salesops.Calendar{}.Tile(salesops.Week, chgQuarter())
	sums, total, negative := make([]*big.Rat, len(tiles)), new(big.Rat), false
	for i, tile := range tiles {
		sums[i] = new(big.Rat)
		for _, b := range bookings {
			if tile.Contains(chgQuarter().Start.AddDays(b.day)) {
				sums[i].Add(sums[i], b.amount.Rat())
			}
		}
		negative = negative || sums[i].Sign() < 0
		total.Add(total, sums[i])
	}
	figures := map[metrics.ID]metrics.Figure{}
	for _, f := range []metrics.Figure{l.LastShare(), l.Index(), l.IndexByDays(), l.Gini()} {
		figures[f.KPI] = f
	}
	if total.Sign() <= 0 {
		for id, f := range figures {
			if f.Value != nil || f.Reason == "" || l.Shares() != nil {
				t.Fatalf("%s has the value %v of a total of %s", id, f.Value, total)
			}
		}
		return
	}
	m := int64(len(tiles))
	index, days, gini := big.NewRat(1, 1), big.NewRat(1, 1), new(big.Rat)
	all := new(big.Rat)
	for i, s := range l.Shares() {
		share := new(big.Rat).Quo(sums[i], total)
		if got := new(big.Rat).Quo(s.Share.Num.Rat(), s.Share.Den.Rat()); got.Cmp(share) != 0 || s.Period != tiles[i] {
			t.Fatalf("share %d is %s, want %s", i, got, share)
		}
		all.Add(all, share)
		n, _ := tiles[i].Days()
		for of, even := range map[*big.Rat]*big.Rat{index: big.NewRat(1, m), days: big.NewRat(int64(n), 90)} {
			gap := new(big.Rat).Sub(share, even)
			of.Sub(of, gap.Abs(gap).Mul(gap, big.NewRat(1, 2)))
		}
		for j := range sums {
			gap := new(big.Rat).Sub(sums[i], sums[j])
			gini.Add(gini, gap.Abs(gap))
		}
	}
	gini.Quo(gini, new(big.Rat).Mul(total, big.NewRat(2*m, 1)))
	if all.Cmp(big.NewRat(1, 1)) != 0 {
		t.Fatalf("shares sum to %s", all)
	}
	for id, want := range map[metrics.ID]*big.Rat{
		metrics.LinearityLastShare: new(big.Rat).Quo(sums[m-1], total), metrics.LinearityIndex: index,
		metrics.LinearityIndexDays: days, metrics.LinearityGini: gini,
	} {
		f := figures[id]
		if id == metrics.LinearityGini && negative {
			if f.Value != nil {
				t.Fatalf("Gini is %v with a negative week", *f.Value)
			}
			continue
		}
		if f.Parts == nil || new(big.Rat).Quo(f.Parts.Num.Rat(), f.Parts.Den.Rat()).Cmp(want) != 0 {
			t.Fatalf("%s is %v, want %s", id, f.Value, want.FloatString(6))
		}
		if v := *f.Value; !negative && (v < 0 || v > 1) {
			t.Fatalf("%s is %v", id, v)
		}
	}
}

func TestLinearity_even(t *testing.T) {
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, chgQuarter())
	if err != nil {
		t.Fatal(err)
	}
	for month, amount := range map[string]string{"2026-01-31": "31", "2026-02-01": "28.00", "2026-03-31": "31"} {
		if err := l.Add(on(month), d(amount), ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := chgValue(t, l.IndexByDays()); got != "1" {
		t.Errorf("as many as days: %s, want 1", got)
	}
	if got := chgValue(t, l.Index()); got != "44/45" { // 1 - ½(1/90 + 2/90 + 1/90)
		t.Errorf("as many as days: %s, want 44/45", got)
	}
}

func TestLinearity_errors(t *testing.T) {
	q := chgQuarter()
	for name, f := range map[string]func() (*metrics.Linearity, error){
		"calendar": func() (*metrics.Linearity, error) {
			return metrics.NewLinearity(salesops.Calendar{FirstMonth: 13}, salesops.Month, q)
		},
		"unit": func() (*metrics.Linearity, error) { return metrics.NewLinearity(salesops.Calendar{}, "fortnight", q) },
		"open": func() (*metrics.Linearity, error) {
			return metrics.NewLinearity(salesops.Calendar{}, salesops.Month, salesops.Period{Start: q.Start})
		},
		"empty": func() (*metrics.Linearity, error) {
			return metrics.NewLinearity(salesops.Calendar{}, salesops.Month, salesops.Period{Start: q.Start, End: q.Start})
		},
		"too many": func() (*metrics.Linearity, error) {
			return metrics.NewLinearity(salesops.Calendar{}, salesops.Week, period("2000-01-01", "2020-01-01"))
		},
		"far too many": func() (*metrics.Linearity, error) {
			return metrics.NewLinearity(salesops.Calendar{}, salesops.Week, period("0001-01-01", "9999-12-31"))
		},
	} {
		if l, err := f(); l != nil || !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := chgWeeks(t)
	if err := l.Add(q.Start, d("1"), "EUR"); err != nil {
		t.Fatal(err)
	}
	before := accBinary(t, l)
	var zero metrics.Linearity
	for name, err := range map[string]error{
		"zero value": zero.Add(q.Start, d("1"), "EUR"),
		"before":     l.Add(q.Start.AddDays(-1), d("1"), "EUR"),
		"after":      l.Add(q.End, d("1"), "EUR"),
		"no date":    l.Add(salesops.Date{}, d("1"), "EUR"),
		"amount":     l.Add(q.Start, decimal.New(1, 1e9), "EUR"),
		"currency":   l.Add(q.Start, d("1"), "USD"),
		"no text":    chgWeeks(t).Add(q.Start, d("1"), "\xff"),
	} {
		if !errors.Is(err, metrics.ErrInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	months, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, q)
	if err != nil {
		t.Fatal(err)
	}
	dollars, later := chgWeeks(t), chgWeeks(t)
	err = errors.Join(months.Add(q.Start, d("1"), "EUR"), dollars.Add(q.Start, d("1"), "USD"), later.Add(q.Last(), d("1"), "EUR"))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"other sub-periods":           l.Merge(months),
		"other currency":              l.Merge(dollars),
		"sub other sub-periods":       l.Sub(months),
		"sub other currency":          l.Sub(dollars),
		"sub what is not held":        l.Sub(later),
		"sub from the zero value":     new(metrics.Linearity).Sub(l),
		"empty of other sub-periods":  chgWeeks(t).Merge(months),
		"a month less nothing of all": months.Sub(later),
	} {
		if !errors.Is(err, metrics.ErrMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errors.Join(l.Merge(nil), l.Sub(nil), l.Merge(&zero), l.Sub(&zero)); err != nil || accBinary(t, l) != before {
		t.Errorf("nothing: %v", err)
	}
	if err := errors.Join(l.Merge(l), l.Sub(l)); err != nil || accBinary(t, l) != accBinary(t, chgWeeks(t)) {
		t.Errorf("with itself: %v", err)
	}
	wide := chgWeeks(t)
	if err := errors.Join(wide.Add(q.Start, decimal.New(1, 18), ""), wide.Add(q.Start, decimal.New(1, -18), "")); err != nil {
		t.Errorf("37 digits: %v", err)
	}
	if err := wide.Add(q.Start, decimal.NewFromBigInt(chgTenTo(35), 18), ""); !errors.Is(err, metrics.ErrInput) {
		t.Errorf("72 digits: %v", err)
	}
	chgAskLinearity(t, wide)
}

// What no bookings can have left is no linearity.
func TestLinearity_decode(t *testing.T) {
	const good = `{"currency":"EUR","start":"2026-01-01","parts":[{"end":"2026-02-01","count":2,"amount":"5"},` +
		`{"end":"2026-03-01","count":0,"amount":"0"}]}`
	var l metrics.Linearity
	if err := l.UnmarshalJSON([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"start":"2026-01-01"`, `"start":""`},
		{`"start":"2026-01-01"`, `"start":"2026-02-01"`},
		{`"end":"2026-03-01"`, `"end":"2026-02-01"`},
		{`"end":"2026-03-01"`, `"end":""`},
		{`"count":0,"amount":"0"`, `"count":0,"amount":"1"`},
		{`"count":0`, `"count":-1`},
		{`"count":0`, `"count":9223372036854775807`},
		{`"count":2,"amount":"5"`, `"count":0,"amount":"0"`}, // a currency of no bookings
		{`"amount":"5"`, `"amount":"1e99"`},
		{`"parts"`, `"more":1,"parts"`},
		{`{"end":"2026-02-01","count":2,"amount":"5"},{"end":"2026-03-01","count":0,"amount":"0"}`, ``},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if err := l.UnmarshalJSON([]byte(bad)); bad == good || !errors.Is(err, metrics.ErrEncoding) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func chgAskLinearity(t *testing.T, l *metrics.Linearity) {
	t.Helper()
	for _, f := range []metrics.Figure{l.LastShare(), l.Index(), l.IndexByDays(), l.Gini()} {
		if (f.Value == nil) == (f.Reason == "") {
			t.Fatalf("%s: %v %q", f.KPI, f.Value, f.Reason)
		}
	}
	_ = l.Shares()
}

func chgSeedLinearity(f *testing.F) *metrics.Linearity {
	f.Helper()
	l, err := metrics.NewLinearity(salesops.Calendar{}, salesops.Month, chgQuarter())
	if err != nil {
		f.Fatal(err)
	}
	if err := errors.Join(l.Add(on("2026-01-05"), d("1.50"), "EUR"), l.Add(on("2026-03-31"), d("-2"), "EUR")); err != nil {
		f.Fatal(err)
	}
	return l
}

func FuzzLinearity_binary(f *testing.F) { accFuzzBinary(f, chgSeedLinearity(f), chgAskLinearity) }

func FuzzLinearity_json(f *testing.F) { accFuzzJSON(f, chgSeedLinearity(f), chgAskLinearity) }

func chgTenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

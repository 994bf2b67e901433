package forecast_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
)

// paceFails fails unless err is of the kind and its text has all of the words.
func paceFails(t testing.TB, err, kind error, words ...string) {
	t.Helper()
	var e *forecast.Error
	if !errors.Is(err, kind) || !errors.As(err, &e) {
		t.Fatalf("error %v, want %v", err, kind)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
}

// paceIs fails unless got is the decimal written want.
func paceIs(t testing.TB, what string, got decimal.Decimal, want string) {
	t.Helper()
	if !got.Equal(d(want)) {
		t.Errorf("%s = %s, want %s", what, got.StringFixed(8), want)
	}
}

// paceIsOpt is paceIs for figures that may be undefined; "" wants that.
func paceIsOpt(t testing.TB, what string, got *decimal.Decimal, want string) {
	t.Helper()
	switch {
	case got == nil && want == "":
	case got == nil || want == "":
		t.Errorf("%s = %v, want %q", what, got, want)
	default:
		paceIs(t, what, *got, want)
	}
}

// TestS61_coverageHasTwoReadings: the readings of Gong, of Salesforce's weekly changes and Quartz, and of Salesforce's
// forecast insights, of the same quarter.
func TestS61_coverageHasTwoReadings(t *testing.T) {
	for _, c := range []struct {
		name                              string
		open, target, closed              string
		gap, coverage, quota, requiredWin string // "" is undefined
	}{
		{"mid-quarter", "900000", "1000000", "400000", "600000", "1.5", "0.9", "0.666667"},
		{"first day", "3000000", "1000000", "0", "1000000", "3", "3", "0.333333"},
		{"target met to the cent", "900000", "1000000", "1000000", "0", "", "0.9", ""},
		{"a cent short", "900000", "1000000", "999999.99", "0.01", "90000000", "0.9", "0"},
		{"beaten", "900000", "1000000", "1200000", "-200000", "", "0.9", ""},
		{"nothing open", "0", "1000000", "400000", "600000", "0", "0", ""},
		{"open below zero, by credit notes", "-5", "10", "0", "10", "-0.5", "-0.5", ""},
		{"no target", "5", "0", "0", "0", "", "", ""},
		{"no target, and refunds", "5", "0", "-10", "10", "0.5", "", "2"},
		{"closed below zero", "300", "100", "-50", "150", "2", "3", "0.5"},
		{"half away from zero", "1", "64", "0", "64", "0.015625", "0.015625", "64"},
		{"half away from zero, at the sixth decimal", "1", "128", "0", "128", "0.007813", "0.007813", "128"},
		{"half away from zero, below zero", "-1", "128", "0", "128", "-0.007813", "-0.007813", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			open, target, closed := d(c.open), d(c.target), d(c.closed)
			gap, err := forecast.Gap(target, closed)
			if err != nil {
				t.Fatal(err)
			}
			paceIs(t, "Gap", gap, c.gap)
			for _, f := range []struct {
				name string
				of   func() (decimal.Decimal, error)
				want string
			}{
				{"Coverage", func() (decimal.Decimal, error) { return forecast.Coverage(open, target, closed) }, c.coverage},
				{"QuotaCoverage", func() (decimal.Decimal, error) { return forecast.QuotaCoverage(open, target) }, c.quota},
				{"RequiredWinRate", func() (decimal.Decimal, error) { return forecast.RequiredWinRate(open, target, closed) }, c.requiredWin},
			} {
				got, err := f.of()
				if f.want == "" {
					paceFails(t, err, forecast.ErrUndefined)
					paceIs(t, f.name, got, "0")
					continue
				}
				if err != nil {
					t.Fatal(f.name, err)
				}
				paceIs(t, f.name, got, f.want)
			}
		})
	}
}

// TestS62_pipelineNeededIsEnough: what is needed is rounded up, and is 0 when the target is in reach without it.
func TestS62_pipelineNeededIsEnough(t *testing.T) {
	for _, c := range []struct {
		target, closed, expected, yield string
		places                          int32
		want                            string
	}{
		{"1000000", "400000", "300000", "0.2", 0, "1500000"},
		{"1000000", "400000", "600000", "0.2", 0, "0"},
		{"1000000", "400000", "700000", "0.2", 0, "0"},
		{"1000000", "1000000", "0", "0.2", 0, "0"},
		{"100", "0", "0", "0.3", 0, "334"},
		{"100", "0", "0", "0.3", 2, "333.34"},
		{"100", "0", "0", "0.3", -2, "400"},
		{"100", "0", "-20", "1", 0, "120"},
	} {
		got, err := forecast.PipelineNeeded(d(c.target), d(c.closed), d(c.expected), d(c.yield), c.places)
		if err != nil {
			t.Fatal(err)
		}
		paceIs(t, "PipelineNeeded", got, c.want)
	}
	for _, yield := range []string{"0", "-0.2", "1.01", "20"} {
		_, err := forecast.PipelineNeeded(d("1"), d("0"), d("0"), d(yield), 2)
		paceFails(t, err, forecast.ErrInput, "yield", "at most 1")
	}
	for _, places := range []int32{-18, 18} {
		if _, err := forecast.PipelineNeeded(d("1"), d("0"), d("0"), d("0.2"), places); err != nil {
			t.Error(err)
		}
		_, err := forecast.PipelineNeeded(d("1"), d("0"), d("0"), d("0.2"), places+places/18)
		paceFails(t, err, forecast.ErrInput, "places")
	}
}

// paceBookings reads "2026-01-05 100, 2026-01-06 -5".
func paceBookings(text string) []forecast.Booking {
	var out []forecast.Booking
	for row := range strings.SplitSeq(text, ",") {
		date, amount, _ := strings.Cut(strings.TrimSpace(row), " ")
		out = append(out, forecast.Booking{Date: on(date), Amount: d(amount)})
	}
	return out
}

// TestS63_rhythmComparesElapsedShares: points fall on the same share of periods of unequal length, inside a day in proportion.
func TestS63_rhythmComparesElapsedShares(t *testing.T) {
	bookings := paceBookings("2026-01-01 10, 2026-01-02 30, 2026-01-05 60, 2026-01-10 40, 2026-01-11 160, 2026-02-20 -7, 2026-03-01 5, 2025-12-31 1000")
	past := []salesops.Period{
		period("2026-01-01", "2026-01-06"), // 5 days, 100 in all
		period("2026-01-10", "2026-01-12"), // 2 days, 200 in all
		period("2026-02-01", "2026-03-01"), // a refund only
	}
	at := []decimal.Decimal{d("0"), d("0.2"), d("0.5"), d("1"), d("0.3")}
	got, err := forecast.Rhythm(bookings, past, at, forecast.PaceOptions{Places: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		median, low, high string
		booked            [3]string
		shares            [3]string
	}{
		{"0", "0", "0", [3]string{"0", "0", "0"}, [3]string{"0", "0", ""}},
		{"0.09", "0.082", "0.098", [3]string{"10", "16", "0"}, [3]string{"0.1", "0.08", ""}},
		{"0.3", "0.22", "0.38", [3]string{"40", "40", "0"}, [3]string{"0.4", "0.2", ""}},
		{"1", "1", "1", [3]string{"100", "200", "-7"}, [3]string{"1", "1", ""}},
		// 1.5 days of 5, 0.6 days of 2.
		{"0.185", "0.133", "0.237", [3]string{"25", "24", "0"}, [3]string{"0.25", "0.12", ""}},
	} {
		p := got[i]
		paceIs(t, "elapsed", p.Elapsed, at[i].StringFixed(1))
		paceIs(t, "median", p.Median, want.median)
		paceIs(t, "low", p.Low, want.low)
		paceIs(t, "high", p.High, want.high)
		for k, s := range p.Periods {
			if s.Period != past[k] {
				t.Errorf("period %d is %v", k, s.Period)
			}
			paceIs(t, "booked", s.Booked, want.booked[k])
			paceIsOpt(t, "share", s.Share, want.shares[k])
		}
	}
}

// TestS63_rhythmPoints: a point lies between the start and the end of the period.
func TestS63_rhythmPoints(t *testing.T) {
	past := []salesops.Period{period("2026-01-01", "2026-01-06")}
	for _, at := range []decimal.Decimal{d("-0.000001"), d("1.000001"), decimal.New(1, 19)} {
		_, err := forecast.Rhythm(paceBookings("2026-01-01 10"), past, []decimal.Decimal{d("0.5"), at}, forecast.PaceOptions{})
		paceFails(t, err, forecast.ErrInput, "at/1")
	}
}

// TestS64_businessDaysElapse: with business days a weekend adds nothing, and its bookings count with the Friday before; those
// of a weekend at the start count with the first Monday.
func TestS64_businessDaysElapse(t *testing.T) {
	// Thursday 1 January, a holiday, to Sunday 11 January 2026: 2, 5, 6, 7, 8, 9 are worked.
	p := period("2026-01-01", "2026-01-12")
	clock := forecast.DayCount{BusinessDays: true, Calendar: salesops.Calendar{Holidays: []salesops.Date{on("2026-01-01")}}}
	bookings := paceBookings("2026-01-01 1, 2026-01-02 2, 2026-01-03 4, 2026-01-05 8, 2026-01-11 16, 2026-01-09 32")
	past := []salesops.Period{p}
	got, err := forecast.Rhythm(bookings, past, []decimal.Decimal{d("0"), d("0.166666666666666667"), d("0.333333333333333334"), d("0.9"), d("1")}, forecast.PaceOptions{Days: clock, Places: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"0", "7", "15", "34.2", "63"} {
		paceIs(t, "booked", got[i].Periods[0].Booked, want)
	}
	// The current period: on Saturday as on Friday one day of six is over.
	next := period("2026-01-12", "2026-01-20")
	for _, c := range []struct{ asOf, elapsed, closed string }{
		{"2026-01-12", "0.166667", "3"}, {"2026-01-16", "0.833333", "3"}, {"2026-01-18", "0.833333", "8"}, {"2026-01-19", "1", "8"},
	} {
		pace, err := forecast.MeasurePace(append(paceBookings("2026-01-12 3, 2026-01-17 5"), bookings...), next, on(c.asOf), past, forecast.PaceOptions{Days: clock})
		if err != nil {
			t.Fatal(err)
		}
		paceIs(t, "elapsed", pace.Rhythm.Elapsed, c.elapsed)
		paceIs(t, "closed", pace.Closed, c.closed)
	}
	_, err = forecast.Rhythm(nil, []salesops.Period{period("2026-01-03", "2026-01-05")}, nil, forecast.PaceOptions{Days: clock})
	paceFails(t, err, forecast.ErrInput, "past/0", "business day")
	_, err = forecast.Rhythm(nil, past, nil, forecast.PaceOptions{Days: forecast.DayCount{BusinessDays: true, Calendar: salesops.Calendar{FirstMonth: 13}}})
	paceFails(t, err, forecast.ErrInput, "days/calendar")
}

// TestS65_pace: ahead or behind in money and per cent, and the total implied with its range.
func TestS65_pace(t *testing.T) {
	// Ten-day periods with 20, 40 and 50 of 100 booked by day 5; and one that refunds dominate.
	past := []salesops.Period{period("2026-01-01", "2026-01-11"), period("2026-01-11", "2026-01-21"), period("2026-01-21", "2026-01-31")}
	bookings := paceBookings("2026-01-05 20, 2026-01-06 80, 2026-01-11 40, 2026-01-20 60, 2026-01-23 50, 2026-01-27 50, 2026-02-03 90, 2026-02-05 -10, 2026-02-07 1000")
	now := period("2026-02-01", "2026-02-11")
	got, err := forecast.MeasurePace(bookings, now, on("2026-02-05"), past, forecast.PaceOptions{Level: 1 - 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	paceIs(t, "elapsed", got.Rhythm.Elapsed, "0.5")
	paceIs(t, "closed", got.Closed, "80")
	paceIs(t, "usual", got.Usual, "40")
	paceIs(t, "ahead", got.Ahead, "40")
	paceIsOpt(t, "ahead rate", got.AheadRate, "1")
	paceIsOpt(t, "implied", got.Implied, "200")
	paceIsOpt(t, "implied low", got.ImpliedLow, "160")
	paceIsOpt(t, "implied high", got.ImpliedHigh, "400")

	// On day 3 one past period had nothing: no upper end. With a median of 0.4 the total is 90 / 0.4.
	got, err = forecast.MeasurePace(bookings, now, on("2026-02-03"), past, forecast.PaceOptions{Level: 1 - 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	paceIsOpt(t, "implied", got.Implied, "225")
	paceIsOpt(t, "implied low", got.ImpliedLow, "180")
	paceIsOpt(t, "implied high", got.ImpliedHigh, "")

	// On day 1 nothing is closed, and two past periods had nothing either.
	got, err = forecast.MeasurePace(bookings, now, on("2026-02-01"), past, forecast.PaceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	paceIs(t, "ahead", got.Ahead, "0")
	paceIsOpt(t, "ahead rate", got.AheadRate, "")
	paceIsOpt(t, "implied", got.Implied, "")
	paceIsOpt(t, "implied low", got.ImpliedLow, "")
	paceIsOpt(t, "implied high", got.ImpliedHigh, "")

	// Nothing closed by the middle: it implies nothing, though the past had a share.
	got, err = forecast.MeasurePace(bookings[:6], now, on("2026-02-05"), past, forecast.PaceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	paceIs(t, "ahead", got.Ahead, "-40")
	paceIsOpt(t, "ahead rate", got.AheadRate, "-1")
	paceIsOpt(t, "implied", got.Implied, "")

	for _, c := range []struct {
		name string
		p    salesops.Period
		asOf string
		past []salesops.Period
		kind error
		word string
	}{
		{"before the period", now, "2026-01-31", past, forecast.ErrInput, "asOf"},
		{"after the period", now, "2026-02-11", past, forecast.ErrInput, "asOf"},
		{"open period", salesops.Period{Start: on("2026-02-01")}, "2026-02-11", past, forecast.ErrInput, `period "2026-02-01/.." must have a start and an end`},
		{"the period is among the past", now, "2026-02-05", append(past, now), forecast.ErrInput, "shares a day"},
		{"past periods overlap", now, "2026-02-05", append(past, period("2026-01-30", "2026-01-31")), forecast.ErrInput, "shares a day"},
		{"empty past period", now, "2026-02-05", append(past, period("2025-01-30", "2025-01-30")), forecast.ErrInput, "past/3"},
		{"no past", now, "2026-02-05", nil, forecast.ErrUndefined, "past"},
		{"past without bookings", now, "2026-02-05", []salesops.Period{period("2025-01-01", "2025-02-01")}, forecast.ErrUndefined, "past"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := forecast.MeasurePace(bookings, c.p, on(c.asOf), c.past, forecast.PaceOptions{})
			paceFails(t, err, c.kind, c.word)
		})
	}
}

// TestS66_linearityHasThreeReadings: shares by part, area and largest distance, on courses that can be worked out by hand.
func TestS66_linearityHasThreeReadings(t *testing.T) {
	p := period("2026-01-01", "2026-01-10") // 9 days
	for _, c := range []struct {
		name, bookings       string
		parts                []string
		backLoad, gap, gapAt string
	}{
		{"every day the same", "2026-01-01 7,2026-01-02 7,2026-01-03 7,2026-01-04 7,2026-01-05 7,2026-01-06 7,2026-01-07 7,2026-01-08 7,2026-01-09 7", []string{"0.333334", "0.333333", "0.333333"}, "0", "0", "0"},
		{"all on the last day", "2026-01-09 5", []string{"0", "0", "1"}, "0.444444", "-0.888889", "0.888889"},
		{"all on the first day", "2026-01-01 5", []string{"1", "0", "0"}, "-0.444444", "0.888889", "0.111111"},
		{"middle day", "2026-01-05 5", []string{"0", "1", "0"}, "0", "-0.444444", "0.444444"},
		{"a hockey stick", "2026-01-03 20, 2026-01-06 20, 2026-01-09 60", []string{"0.2", "0.2", "0.6"}, "0.244444", "-0.488889", "0.888889"},
		{"a refund", "2026-01-02 150, 2026-01-08 -50", []string{"1.5", "0", "-0.5"}, "-0.666667", "1.277778", "0.222222"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := forecast.MeasureLinearity(paceBookings(c.bookings), p, 3, forecast.DayCount{})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range c.parts {
				paceIs(t, "part", got.Parts[i], want)
			}
			paceIs(t, "back load", got.BackLoad, c.backLoad)
			paceIs(t, "gap", got.Gap, c.gap)
			paceIs(t, "gap at", got.GapAt, c.gapAt)
		})
	}
	// A part may end inside a day: halves of three days.
	got, err := forecast.MeasureLinearity(paceBookings("2026-01-01 1, 2026-01-02 2, 2026-01-03 7"), period("2026-01-01", "2026-01-04"), 2, forecast.DayCount{})
	if err != nil {
		t.Fatal(err)
	}
	paceIs(t, "first half", got.Parts[0], "0.2")
	_, err = forecast.MeasureLinearity(paceBookings("2026-01-01 1, 2026-01-02 -1"), p, 3, forecast.DayCount{})
	paceFails(t, err, forecast.ErrUndefined, "bookings")
	for _, parts := range []int{0, -1, 1001, math.MaxInt} {
		_, err = forecast.MeasureLinearity(paceBookings("2026-01-01 1"), p, parts, forecast.DayCount{})
		paceFails(t, err, forecast.ErrInput, "parts")
	}
}

// TestS67_allocate: ties go to the first, and what cannot be split is an error.
func TestS67_allocate(t *testing.T) {
	got, err := forecast.Allocate(d("100"), []decimal.Decimal{d("1"), d("1"), d("0"), d("1")}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]decimal.Decimal{d("33.34"), d("33.33"), d("0"), d("33.33")}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		total, weights, word string
		places               int32
	}{
		{"100.001", "1 2", "multiple", 2},
		{"100", "0 0", "above 0", 2},
		{"100", "1 -2", "weights/1", 2},
		{"100", "1 2", "places", 19},
		{"100", "1 2", "places", -19},
	} {
		var weights []decimal.Decimal
		for w := range strings.FieldsSeq(c.weights) {
			weights = append(weights, d(w))
		}
		_, err := forecast.Allocate(d(c.total), weights, c.places)
		paceFails(t, err, forecast.ErrInput, c.word)
	}
	if _, err := forecast.Allocate(d("1"), nil, 0); !errors.Is(err, forecast.ErrInput) {
		t.Errorf("nobody to allocate to: %v", err)
	}
	if got, err := forecast.Allocate(d("0"), []decimal.Decimal{d("0")}, 2); err != nil || !got[0].IsZero() {
		t.Errorf("nothing to allocate: %v, %v", got, err)
	}
}

// TestS68_accuracyHasTwoDenominators: over the actual, calling double scores 0; over the forecast, calling half does.
func TestS68_accuracyHasTwoDenominators(t *testing.T) {
	for _, c := range []struct{ called, actual, overActual, overForecast string }{
		{"100", "100", "1", "1"},
		{"200", "100", "0", "0.5"},
		{"50", "100", "0.5", "0"},
		{"0", "100", "0", ""},
		{"100", "0", "", "0"},
		{"0", "0", "", ""},
		{"400", "100", "-2", "0.25"},
		{"-50", "-100", "0.5", "0"}, // by size
		{"-50", "100", "-0.5", "-2"},
		{"90", "70", "0.714286", "0.777778"},
	} {
		for _, f := range []struct {
			of   func(actual, called decimal.Decimal) (decimal.Decimal, error)
			want string
		}{{forecast.AccuracyOverActual, c.overActual}, {forecast.AccuracyOverForecast, c.overForecast}} {
			got, err := f.of(d(c.actual), d(c.called))
			if f.want == "" {
				paceFails(t, err, forecast.ErrUndefined)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			paceIs(t, "accuracy of "+c.called+" for "+c.actual, got, f.want)
		}
	}
}

// paceCalls are two quarters of two reps, called at different times.
func paceCalls() ([]forecast.Call, []forecast.Outcome) {
	q1, q2 := period("2026-01-01", "2026-04-01"), period("2026-04-01", "2026-07-01")
	call := func(by string, p salesops.Period, asOf, amount string) forecast.Call {
		return forecast.Call{By: by, Period: p, AsOf: on(asOf), Amount: d(amount)}
	}
	calls := []forecast.Call{
		call("bo", q1, "2026-03-24", "80"), // exactly a week before the last day
		call("ana", q1, "2026-01-05", "100"),
		call("ana", q1, "2026-03-31", "110"), // on the last day
		call("ana", q1, "2026-03-31", "120"), // and again
		call("ana", q1, "2026-04-01", "130"), // late
		call("ana", q2, "2026-06-25", "90"),
		call("cy", q2, "2026-05-01", "10"), // no outcome yet
		call("bo", q1, "2025-12-30", "50"), // before the period
	}
	outcomes := []forecast.Outcome{
		{By: "bo", Period: q1, Amount: d("100")},
		{By: "ana", Period: q1, Amount: d("125")},
		{By: "ana", Period: q2, Amount: d("0")},
		{By: "bo", Period: q2, Amount: d("70")}, // nobody called it
	}
	return calls, outcomes
}

// TestS69_theCallThatStands: which call counts at which week, what is late, pending or missing, and the sign of the bias.
func TestS69_theCallThatStands(t *testing.T) {
	calls, outcomes := paceCalls()
	got, err := forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{Weeks: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got.Late != 1 || got.Pending != 1 || len(got.Calls) != 6 {
		t.Errorf("%d late, %d pending, %d calls, want 1, 1, 6", got.Late, got.Pending, len(got.Calls))
	}
	if diff := cmp.Diff(outcomes[3:], got.Uncalled); diff != "" {
		t.Errorf("uncalled (-want +got):\n%s", diff)
	}
	for i, want := range []struct {
		by                                   string
		weeks, periods, missing              int
		called, actual, miss, wape, bias, up string
		oldest                               int
	}{
		{"", 1, 2, 2, "180", "225", "45", "0.2", "-0.2", "39", 78}, // ana's of 5 January and bo's of the day
		{"", 0, 3, 1, "290", "225", "115", "0.511111", "0.288889", "4", 7},
		{"ana", 1, 1, 1, "100", "125", "25", "0.2", "-0.2", "78", 78},
		{"ana", 0, 2, 0, "210", "125", "95", "0.76", "0.68", "2.5", 5},
		{"bo", 1, 1, 1, "80", "100", "20", "0.2", "-0.2", "0", 0},
		{"bo", 0, 1, 1, "80", "100", "20", "0.2", "-0.2", "7", 7},
	} {
		row := got.Rows[i]
		if row.By != want.by || row.WeeksOut != want.weeks || row.Periods != want.periods || row.Missing != want.missing || row.Oldest != want.oldest {
			t.Errorf("row %d: %+v", i, row)
		}
		paceIs(t, "called", row.Called, want.called)
		paceIs(t, "actual", row.Actual, want.actual)
		paceIs(t, "abs error", row.AbsError, want.miss)
		paceIsOpt(t, "WAPE", row.WAPE, want.wape)
		paceIsOpt(t, "bias", row.Bias, want.bias)
		paceIs(t, "age", row.Age, want.up)
	}
	if len(got.Rows) != 6 {
		t.Errorf("%d rows, want 6", len(got.Rows))
	}
	first, zero := got.Calls[0], got.Calls[4]
	paceIs(t, "error of a call that was too low", first.Error, "-20")
	paceIsOpt(t, "accuracy", first.OverActual, "0.8")
	if first.WeeksOut != 1 {
		t.Errorf("weeks out %d, want 1", first.WeeksOut)
	}
	paceIs(t, "error of a call for nothing", zero.Error, "90")
	paceIsOpt(t, "accuracy over an actual of 0", zero.OverActual, "")
	paceIsOpt(t, "accuracy over the call", zero.OverForecast, "0")
	// 13 weeks before the end of the quarter only bo's call of 30 December stood.
	got, _ = forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{})
	if row := got.Rows[0]; row.WeeksOut != 13 || row.Periods != 1 {
		t.Errorf("the first row is %+v", row)
	}
	if row := got.Rows[1]; row.WeeksOut != 12 || row.Periods != 2 {
		t.Errorf("the second row is %+v", row)
	}
}

// TestS70_callFaults: what cannot be compared is told, all at once.
func TestS70_callFaults(t *testing.T) {
	calls, outcomes := paceCalls()
	calls = append(calls, forecast.Call{Period: period("2026-01-01", "2026-01-01"), Amount: decimal.New(1, 1e9)})
	outcomes = append(outcomes, outcomes[0])
	_, err := forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{Weeks: 521})
	paceFails(t, err, forecast.ErrInput, "weeks", "calls/8/by", "calls/8/period", "calls/8/amount", "calls/8/asOf", `bo: outcomes/4 "2026-01-01/2026-04-01" has an outcome already, at outcomes/0`)
	_, err = forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{WeeksOut: -1, C: math.NaN(), Level: 1})
	paceFails(t, err, forecast.ErrInput, "weeksOut", "c ", "level", "outcomes/4")
	// Each fault alone.
	good := forecast.Call{By: "ana", Period: period("2026-01-01", "2026-01-02"), AsOf: on("2026-01-01"), Amount: d("1")}
	for _, c := range []struct {
		spoil func(*forecast.Call)
		word  string
	}{
		{func(c *forecast.Call) { c.By = "" }, "calls/0/by"},
		{func(c *forecast.Call) { c.Period.End = c.Period.Start }, "calls/0/period"},
		{func(c *forecast.Call) { c.Period.End = salesops.Date{} }, "calls/0/period"},
		{func(c *forecast.Call) { c.Period.Start = salesops.Date{} }, "calls/0/period"},
		{func(c *forecast.Call) { c.AsOf = salesops.Date{} }, "calls/0/asOf"},
		{func(c *forecast.Call) { c.Amount = decimal.New(1, 19) }, "calls/0/amount"},
	} {
		bad := good
		c.spoil(&bad)
		_, err := forecast.CallAccuracy([]forecast.Call{bad}, nil, forecast.CallOptions{})
		paceFails(t, err, forecast.ErrInput, c.word)
	}
	for _, weeks := range []int{0, 520} {
		if _, err := forecast.CallAccuracy([]forecast.Call{good}, nil, forecast.CallOptions{Weeks: weeks}); err != nil {
			t.Error(err)
		}
	}
	got, err := forecast.CallAccuracy(nil, nil, forecast.CallOptions{})
	if err != nil || len(got.Rows) != 0 || len(got.Calls) != 0 {
		t.Errorf("nothing: %+v, %v", got, err)
	}
}

// TestS71_callBias: the ratio of sums is the factor, and the team has the more weight, the less reps differ.
func TestS71_callBias(t *testing.T) {
	var calls []forecast.Call
	var outcomes []forecast.Outcome
	add := func(by string, month int, called, actual string) {
		p := period("2025-01-01", "2025-02-01")
		p.Start, p.End = p.Start.AddMonths(month), p.End.AddMonths(month)
		calls = append(calls, forecast.Call{By: by, Period: p, AsOf: p.Start, Amount: d(called)})
		outcomes = append(outcomes, forecast.Outcome{By: by, Period: p, Amount: d(actual)})
	}
	for m, v := range []string{"70", "80", "90", "80"} {
		add("ana", m, "100", v) // happy ears
	}
	for m, v := range []string{"120", "110", "130", "120"} {
		add("bo", m, "100", v) // sandbagger
	}
	add("cy", 0, "100", "100")
	add("di", 0, "100", "0") // no ratio
	got, err := forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{})
	if err != nil {
		t.Fatal(err)
	}
	paceNear(t, "team", got.Factor, 0.9, 1e-15) // 900 / 1,000
	// Within: u = 4 (a - R f) / A: ana ±0.125 twice, bo ±1/12 twice; over 3 + 3 degrees of freedom.
	within := (2*0.125*0.125 + 2.0/144) / 6
	paceNear(t, "within", *got.Within, within, 1e-15)
	// Between: the moments of DerSimonian and Laird for 4, 4 and 1 periods.
	y := []float64{math.Log(0.8), math.Log(1.2), 0}
	k := []float64{4, 4, 1}
	mean := (4*y[0] + 4*y[1]) / 9
	q := 0.0
	for i := range y {
		q += k[i] * (y[i] - mean) * (y[i] - mean)
	}
	between := (q - 2*within) / (9 - 33.0/9)
	paceNear(t, "c", *got.C, within/between, 1e-13)
	for i, want := range []struct {
		by, ratio string
		leaning   forecast.Leaning
	}{{"ana", "0.8", forecast.HappyEars}, {"bo", "1.2", forecast.Sandbagger}, {"cy", "1", forecast.Unproven}, {"di", "", forecast.Unproven}} {
		r := got.Reps[i]
		if r.By != want.by || r.Leaning != want.leaning {
			t.Errorf("rep %+v, want %+v", r, want)
		}
		paceIsOpt(t, "ratio", r.Ratio, want.ratio)
		if want.ratio == "" {
			if r.Factor != got.Factor || r.Weight != 0 || r.Low != nil {
				t.Errorf("a rep without ratio: %+v", r)
			}
			continue
		}
		w := k[i] / (k[i] + *got.C)
		paceNear(t, "weight", r.Weight, w, 1e-15)
		paceNear(t, "factor", r.Factor, math.Exp(math.Log(0.9)+w*(y[i]-math.Log(0.9))), 1e-14)
	}
	if got.Reps[0].Factor <= 0.8 || got.Reps[0].Factor >= 0.9 {
		t.Errorf("ana's factor %g is not between hers and the team's", got.Reps[0].Factor)
	}

	// The range, by Student's t for 6 degrees of freedom: what the own record leaves open, the doubt about the team, and that
	// about the weights, which three reps teach. The doubt about the team is the larger of that from the reps and that from
	// the periods.
	const t6 = 1.943180280515303
	fromReps := float64(40*40+120*120+10*10+90*90) * 4 / 3 / (900 * 900)
	fromPeriods := float64(600+3800+100+8100) * 10 / 9 / (900 * 900)
	for i, r := range got.Reps[:3] {
		w := r.Weight
		off := y[i] - math.Log(0.9)
		reach := t6 * math.Sqrt(w*within/k[i]+(1-w)*(1-w)*(max(fromReps, fromPeriods)+off*off))
		paceNear(t, "low", *r.Low, r.Factor*math.Exp(-reach), 1e-12)
		paceNear(t, "high", *r.High, r.Factor*math.Exp(reach), 1e-12)
	}
	// Applied: factors to 6 decimals, then money; a rep without record has the team's.
	for _, c := range []struct {
		by, call string
		places   int32
		want     string
	}{{"eve", "1000.05", 2, "900.05"}, {"di", "1000", 0, "900"}, {"eve", "-10", 2, "-9"}, {"eve", "123456", -3, "111000"}} {
		v, err := got.Apply(c.by, d(c.call), c.places)
		if err != nil {
			t.Fatal(err)
		}
		paceIs(t, "applied to "+c.by, v, c.want)
	}

	// Given: four periods count as much as the team; towards 1.
	got, err = forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{C: 4, Neutral: true})
	if err != nil {
		t.Fatal(err)
	}
	paceNear(t, "ana, neutral", got.Reps[0].Factor, math.Sqrt(0.8), 1e-15)
	paceNear(t, "team, neutral", got.Factor, 1, 0)
	paceNear(t, "low, with the weight given", *got.Reps[0].Low, math.Sqrt(0.8)*math.Exp(-t6*math.Sqrt(within/8)), 1e-12)
	got, err = forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{Neutral: true})
	if err != nil {
		t.Fatal(err)
	}
	// Around 1 the moments need no mean: between = (sum of k y² - 3 within) / sum of k; three reps teach the weights.
	between = (4*y[0]*y[0] + 4*y[1]*y[1] - 3*within) / 9
	paceNear(t, "c, neutral", *got.C, within/between, 1e-13)
	w := 4 / (4 + *got.C)
	reach := t6 * math.Sqrt(w*within/4+(1-w)*(1-w)*y[0]*y[0]*2/3)
	paceNear(t, "low, neutral", *got.Reps[0].Low, math.Exp(w*y[0]-reach), 1e-12)

	// Factors that nobody fitted.
	for _, c := range []struct {
		factor float64
		want   string
	}{{0, ""}, {1e6, "2000000"}, {0.0000004, "0"}, {-0.1, ""}, {1e6 + 1, ""}, {math.NaN(), ""}, {math.Inf(1), ""}} {
		v, err := forecast.CallBias{Factor: c.factor}.Apply("eve", d("2"), 2)
		if c.want == "" {
			paceFails(t, err, forecast.ErrInput, "factor")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		paceIs(t, "applied", v, c.want)
	}

	// A month before the end nobody had called: nothing to fit.
	_, err = forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{WeeksOut: 5})
	paceFails(t, err, forecast.ErrUndefined, "calls")
	// One period each says nothing about chance; with C given there is a factor but no range.
	_, err = forecast.FitCallBias(calls[8:], outcomes[8:], forecast.BiasOptions{Neutral: true})
	paceFails(t, err, forecast.ErrUndefined, "two periods")
	_, err = forecast.FitCallBias(calls[:4], outcomes[:4], forecast.BiasOptions{})
	paceFails(t, err, forecast.ErrUndefined, "one rep")
	got, err = forecast.FitCallBias(calls[8:9], outcomes[8:9], forecast.BiasOptions{C: 3})
	if err != nil || got.Within != nil || got.Reps[0].Low != nil || got.Reps[0].Weight != 0.25 {
		t.Errorf("one period: %+v, %v", got, err)
	}
}

// TestS72_noSpreadNoTrust: reps who differ by no more than chance explains all get the team's factor.
func TestS72_noSpreadNoTrust(t *testing.T) {
	var calls []forecast.Call
	var outcomes []forecast.Outcome
	for m := range 6 {
		for i, by := range []string{"ana", "bo"} {
			p := period("2025-01-01", "2025-02-01")
			p.Start, p.End = p.Start.AddMonths(m), p.End.AddMonths(m)
			calls = append(calls, forecast.Call{By: by, Period: p, AsOf: p.Start, Amount: d("100")})
			actual := []string{"50", "160"}[(m+i)%2]
			outcomes = append(outcomes, forecast.Outcome{By: by, Period: p, Amount: d(actual)})
		}
	}
	outcomes[0].Amount = d("60")
	got, err := forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.C != nil || got.Reps[0].Weight != 0 || got.Reps[0].Factor != got.Factor || got.Reps[0].Leaning != forecast.Unproven {
		t.Errorf("%+v", got)
	}
}

// TestS73_certaintiesThatFail: a wrong certainty has no log loss, and is named.
func TestS73_certaintiesThatFail(t *testing.T) {
	_, err := forecast.LogLoss([]float64{0, 1, 0, 1, 0.5}, []bool{false, true, true, false, true})
	paceFails(t, err, forecast.ErrUndefined, "p/2", "p/3")
	if strings.Contains(err.Error(), "p/0") || strings.Contains(err.Error(), "p/1") || strings.Contains(err.Error(), "p/4") {
		t.Errorf("the error names deals without fault: %v", err)
	}
	// What is nearly certain has its loss, to the last digit.
	if got, err := forecast.LogLoss([]float64{1e-20}, []bool{false}); err != nil || got != 1e-20 {
		t.Errorf("log loss %g, %v, want 1e-20", got, err)
	}
	got, err := forecast.LogLoss([]float64{0, 1}, []bool{false, true})
	if err != nil || got != 0 {
		t.Errorf("certainties that came true: %g, %v", got, err)
	}
	_, err = forecast.FitPlatt([]float64{0.2, 0, 1}, []bool{false, true, true})
	paceFails(t, err, forecast.ErrUndefined, "p/1", "p/2")
	_, err = forecast.FitPlatt([]float64{0.2, 0.2}, []bool{false, true})
	paceFails(t, err, forecast.ErrUndefined, "two different")
	for _, won := range []bool{false, true} {
		_, err = forecast.BrierSkill([]float64{0.2, 0.7}, []bool{won, won})
		paceFails(t, err, forecast.ErrUndefined, "won")
	}
}

// TestS74_calibrationFaults: lengths, and every probability that is none, by its index.
func TestS74_calibrationFaults(t *testing.T) {
	calls := map[string]func(p []float64, won []bool) error{
		"Brier":      func(p []float64, won []bool) error { _, err := forecast.Brier(p, won); return err },
		"BrierSkill": func(p []float64, won []bool) error { _, err := forecast.BrierSkill(p, won); return err },
		"LogLoss":    func(p []float64, won []bool) error { _, err := forecast.LogLoss(p, won); return err },
		"Decompose": func(p []float64, won []bool) error {
			_, err := forecast.Decompose(p, won, forecast.BinOptions{})
			return err
		},
		"Reliability": func(p []float64, won []bool) error {
			_, err := forecast.Reliability(p, won, forecast.BinOptions{})
			return err
		},
		"FitIsotonic": func(p []float64, won []bool) error { _, err := forecast.FitIsotonic(p, won); return err },
		"FitPlatt":    func(p []float64, won []bool) error { _, err := forecast.FitPlatt(p, won); return err },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			paceFails(t, call(nil, nil), forecast.ErrUndefined, "empty")
			paceFails(t, call([]float64{0.5}, nil), forecast.ErrInput, "length")
			paceFails(t, call([]float64{0.5, 0.2}, []bool{true}), forecast.ErrInput, "length")
			err := call([]float64{0.5, math.NaN(), 0.5, -1e-320, 1.0000000000000002, math.Inf(1), math.Inf(-1)}, make([]bool, 7))
			paceFails(t, err, forecast.ErrInput, `p/1 "NaN"`, `p/3 "-1e-320"`, "p/4", `p/5 "+Inf"`, "p/6")
		})
	}
	for _, o := range []forecast.BinOptions{{Bins: -1}, {Bins: 1_000_001}, {Level: -0.1}, {Level: 1}, {Level: math.NaN()}} {
		_, err := forecast.Reliability([]float64{0.5}, []bool{true}, o)
		paceFails(t, err, forecast.ErrInput)
		_, err = forecast.Decompose([]float64{0.5}, []bool{true}, o)
		paceFails(t, err, forecast.ErrInput)
	}
}

// TestS75_binBounds: a probability on a bound belongs to the bin above it, 1 to the last; ties stay together.
func TestS75_binBounds(t *testing.T) {
	for _, bins := range []int{1, 2, 3, 7, 10, 49, 100, 1000} {
		for i := range bins {
			p := float64(i) / float64(bins)
			got, err := forecast.Reliability([]float64{p, math.Nextafter(p, 2), math.Nextafter(float64(i+1)/float64(bins), 0)}, make([]bool, 3), forecast.BinOptions{Bins: bins})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Bins) != 1 || got.Bins[0].From != p || got.Bins[0].To != float64(i+1)/float64(bins) {
				t.Fatalf("bin %d of %d: %+v", i, bins, got.Bins)
			}
		}
	}
	got, err := forecast.Reliability([]float64{1, 0.95}, make([]bool, 2), forecast.BinOptions{})
	if err != nil || len(got.Bins) != 1 {
		t.Errorf("1 and 0.95: %+v, %v", got, err)
	}
	got, err = forecast.Reliability([]float64{0.1, 0.2, 0.2, 0.2, 0.2, 0.9}, make([]bool, 6), forecast.BinOptions{Bins: 3, EqualCount: true})
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, b := range got.Bins {
		sizes = append(sizes, b.Deals)
	}
	if diff := cmp.Diff([]int{1, 4, 1}, sizes); diff != "" {
		t.Errorf("bins (-want +got):\n%s", diff)
	}
	if b := got.Bins[1]; b.From != 0.2 || b.To != 0.2 {
		t.Errorf("bin of a tie: %+v", b)
	}
}

// TestS76_applyBetweenKnots: on the line between blocks, flat outside; broken knots are an error, never a NaN.
func TestS76_applyBetweenKnots(t *testing.T) {
	fit, err := forecast.FitIsotonic([]float64{0.2, 0.22, 0.3, 0.4, 0.6, 0.7}, []bool{false, false, false, true, false, true})
	if err != nil {
		t.Fatal(err)
	}
	want := forecast.Isotonic{Knots: []forecast.Knot{{P: 0.2}, {P: 0.3}, {P: 0.4, Rate: 0.5}, {P: 0.6, Rate: 0.5}, {P: 0.7, Rate: 1}}}
	if diff := cmp.Diff(want, fit); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range [][2]float64{{0, 0}, {0.2, 0}, {0.25, 0}, {0.35, 0.25}, {0.5, 0.5}, {0.65, 0.75}, {0.7, 1}, {1, 1}} {
		got, err := fit.Apply(c[0])
		if err != nil {
			t.Fatal(err)
		}
		paceNear(t, "applied", got, c[1], 1e-15)
	}
	nan := math.NaN()
	for _, knots := range [][]forecast.Knot{{{P: nan, Rate: 0.5}}, {{P: 0.2, Rate: nan}}, {{P: 0.2, Rate: 0.9}, {P: 0.8, Rate: 0.1}}, {{P: 0.8, Rate: 0}, {P: 0.2, Rate: 1}}, {{P: 0.2, Rate: -1}}, {{P: 0.2, Rate: 2}}} {
		if got, err := (forecast.Isotonic{Knots: knots}).Apply(0.5); err == nil && !(got >= 0 && got <= 1) {
			t.Errorf("knots %v give %g", knots, got)
		}
	}
	_, err = forecast.Isotonic{Knots: []forecast.Knot{{P: 0.2, Rate: 0.9}, {P: 0.8, Rate: 0.1}}}.Apply(0.5)
	paceFails(t, err, forecast.ErrInput, "knots")
	if got, err := (forecast.Isotonic{}).Apply(0.37); err != nil || got != 0.37 {
		t.Errorf("the zero value gives %g, %v", got, err)
	}
	for _, p := range []float64{nan, -0.1, 1.1, math.Inf(1)} {
		_, err := fit.Apply(p)
		paceFails(t, err, forecast.ErrInput, "between 0 and 1")
		_, err = forecast.Platt{A: -1}.Apply(p)
		paceFails(t, err, forecast.ErrInput, "between 0 and 1")
	}
	for _, c := range []struct {
		fit     forecast.Platt
		p, want float64
	}{
		{forecast.Platt{A: -1}, 0.37, 0.37},
		{forecast.Platt{A: -1}, 0, 0},
		{forecast.Platt{A: -1}, 1, 1},
		{forecast.Platt{A: 2}, 0, 1},
		{forecast.Platt{A: 2}, 1, 0},
		{forecast.Platt{}, 0, 0.5},
		{forecast.Platt{}, 1, 0.5},
		{forecast.Platt{A: -1, B: -1e308}, 0.2, 1},
		{forecast.Platt{A: 1e308, B: 1e308}, 0.9, 0},
	} {
		got, err := c.fit.Apply(c.p)
		if err != nil {
			t.Fatal(err)
		}
		paceNear(t, "Platt", got, c.want, 1e-16)
	}
	for _, c := range []forecast.Platt{{A: nan}, {B: nan}, {A: math.Inf(1)}, {B: math.Inf(-1)}} {
		_, err := c.Apply(0.5)
		paceFails(t, err, forecast.ErrInput, "finite")
	}
}

// TestS77_resultsGoThroughJSON: what comes out of JSON is what went in.
func TestS77_resultsGoThroughJSON(t *testing.T) {
	calls, outcomes := paceCalls()
	report, err := forecast.CallAccuracy(calls, outcomes, forecast.CallOptions{})
	if err != nil {
		t.Fatal(err)
	}
	bias, err := forecast.FitCallBias(calls, outcomes, forecast.BiasOptions{C: 2})
	if err != nil {
		t.Fatal(err)
	}
	past := []salesops.Period{period("2026-01-01", "2026-02-01"), period("2026-02-01", "2026-03-01")}
	bookings := paceBookings("2026-01-05 100, 2026-03-04 50")
	pace, err := forecast.MeasurePace(bookings, period("2026-03-01", "2026-04-01"), on("2026-03-15"), past, forecast.PaceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	linearity, err := forecast.MeasureLinearity(bookings, past[0], 3, forecast.DayCount{})
	if err != nil {
		t.Fatal(err)
	}
	p, won := []float64{0.2, 0.4, 0.6, 0.7}, []bool{false, true, false, true}
	diagram, err := forecast.Reliability(p, won, forecast.BinOptions{})
	if err != nil {
		t.Fatal(err)
	}
	murphy, err := forecast.Decompose(p, won, forecast.BinOptions{})
	if err != nil {
		t.Fatal(err)
	}
	isotonic, err := forecast.FitIsotonic(p, won)
	if err != nil {
		t.Fatal(err)
	}
	platt, err := forecast.FitPlatt(p, won)
	if err != nil {
		t.Fatal(err)
	}
	paceThroughJSON(t, report)
	paceThroughJSON(t, bias)
	paceThroughJSON(t, pace)
	paceThroughJSON(t, linearity)
	paceThroughJSON(t, diagram)
	paceThroughJSON(t, murphy)
	paceThroughJSON(t, isotonic)
	paceThroughJSON(t, platt)
	paceThroughJSON(t, forecast.PaceOptions{Days: forecast.DayCount{BusinessDays: true, Calendar: salesops.Calendar{Holidays: []salesops.Date{on("2026-01-01")}}}, Level: 0.5, Places: 2})
}

func paceThroughJSON[T any](t *testing.T, want T) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n(-want +got):\n%s", text, diff)
	}
}

package funnel_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// tstTimes draws times of the years 1 to 9999, often near changes of clocks.
func tstTimes() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		day := rapid.OneOf(
			rapid.IntRange(-719162, 2932895), rapid.IntRange(14000, 21000),
			rapid.SampledFrom([]int{14919, 15337, 20541, 20751}), // around changes of clocks
		).Draw(t, "day")
		second := rapid.IntRange(0, 2*86400-1).Draw(t, "second")
		return time.Unix(int64(day)*86400+int64(second), rapid.Int64Range(0, 999_999_999).Draw(t, "nano")).UTC()
	})
}

// tstClocks draws a clock and what it is called.
func tstClocks(t *rapid.T, places []*time.Location) (funnel.Clock, string) {
	loc := rapid.SampledFrom(places).Draw(t, "place")
	switch rapid.IntRange(0, 3).Draw(t, "clock") {
	case 0:
		return funnel.Hours, "Hours"
	case 1:
		return funnel.Minutes, "Minutes"
	case 2:
		return funnel.CalendarDays(loc), "CalendarDays"
	default:
		cal := salesops.Calendar{Weekend: rapid.SampledFrom([][]time.Weekday{nil, {}, {5, 6}, {0}}).Draw(t, "weekend")}
		for range rapid.IntRange(0, 5).Draw(t, "holidays") {
			cal.Holidays = append(cal.Holidays, salesops.DateOf(tstTimes().Draw(t, "holiday")))
		}
		return funnel.BusinessDays(cal, loc), "BusinessDays"
	}
}

// Clocks never fall as to rises, nor rise as from rises, are 0 at the start, and those of days are additive.
func TestClock_law(t *testing.T) {
	places := []*time.Location{
		nil, tstPlace(t, "Europe/Berlin"), tstPlace(t, "America/New_York"), tstPlace(t, "America/St_Johns"), tstPlace(t, "Pacific/Apia"),
		tstPlace(t, "America/Sao_Paulo"), time.FixedZone("far", -23*3600),
	}
	rapid.Check(t, func(t *rapid.T) {
		clock, name := tstClocks(t, places)
		a := tstTimes().Draw(t, "a")
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(60*24*time.Hour)).Draw(t, "then")))
		c := tstTimes().Draw(t, "c")
		if clock(a, a) != 0 {
			t.Errorf("%s(a, a) = %d", name, clock(a, a))
		}
		if clock(c, a) > clock(c, b) || clock(a, c) < clock(b, c) {
			t.Errorf("%s: c to a is %d, to the later b %d; a to c is %d, b to c %d", name, clock(c, a), clock(c, b), clock(a, c), clock(b, c))
		}
		sum := clock(a, b) + clock(b, c) - clock(a, c)
		if whole := name == "CalendarDays" || name == "BusinessDays"; whole && sum != 0 || sum < -1 || sum > 0 {
			t.Errorf("%s: a to b to c is %d, a to c %d", name, clock(a, b)+clock(b, c), clock(a, c))
		}
	})
}

// Business days are what counting day by day finds.
func TestBusinessDays_law(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal := salesops.Calendar{Weekend: rapid.SampledFrom([][]time.Weekday{nil, {}, {5, 6}, {0}, {1, 3, 5}}).Draw(t, "weekend")}
		from := salesops.NewDate(1, 1, 1).AddDays(rapid.IntRange(0, 3_651_000).Draw(t, "from"))
		days := rapid.IntRange(0, 60).Draw(t, "days")
		for range rapid.IntRange(0, 10).Draw(t, "holidays") {
			cal.Holidays = append(cal.Holidays, from.AddDays(rapid.IntRange(-5, 65).Draw(t, "holiday")))
		}
		want := 0
		for i := 1; i <= days; i++ {
			if cal.IsBusinessDay(from.AddDays(i)) {
				want++
			}
		}
		to := from.AddDays(days)
		clock := funnel.BusinessDays(cal, nil)
		noon := func(d salesops.Date) time.Time { return d.Time(nil).Add(12 * time.Hour) }
		if got := clock(noon(from), noon(to)); got != want {
			t.Errorf("%d, want %d", got, want)
		}
		if got := clock(noon(to), noon(from)); got != -want {
			t.Errorf("backwards %d, want %d", got, -want)
		}
	})
}

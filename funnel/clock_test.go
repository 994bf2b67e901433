package funnel_test

import (
	"math"
	"testing"
	"time"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/funnel"
)

// tstAt returns the time written s, at a place.
func tstAt(t testing.TB, s, place string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05.999999999", s, tstPlace(t, place))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func tstPlace(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skip("no time zones here: ", err)
	}
	return loc
}

// Whole units elapsed, rounded down, whatever the clocks on the wall show.
func TestHours(t *testing.T) {
	for _, c := range []struct {
		name, place, from, to string
		hours                 int
		minutes               int64
	}{
		{"at once", "UTC", "2026-03-02 09:00:00", "2026-03-02 09:00:00", 0, 0},
		{"a nanosecond short", "UTC", "2026-03-02 09:00:00.000000001", "2026-03-02 10:00:00", 0, 59},
		{"to the nanosecond", "UTC", "2026-03-02 09:00:00.5", "2026-03-02 10:00:00.5", 1, 60},
		{"a second backwards", "UTC", "2026-03-02 09:00:00", "2026-03-02 08:59:59", -1, -1},
		{"a nanosecond backwards", "UTC", "2026-03-02 09:00:00", "2026-03-02 08:59:59.999999999", -1, -1},
		{"an hour backwards", "UTC", "2026-03-02 09:00:00", "2026-03-02 08:00:00", -1, -60},
		{"overnight", "UTC", "2026-03-02 23:50:00", "2026-03-03 00:10:00", 0, 20},
		{"night of spring: 2:00 is 3:00", "Europe/Berlin", "2026-03-29 00:30:00", "2026-03-29 05:30:00", 4, 240},
		{"night of autumn: 3:00 is 2:00", "Europe/Berlin", "2026-10-25 00:30:00", "2026-10-25 05:30:00", 6, 360},
		{"the whole calendar", "UTC", "0001-01-01 00:00:00", "9999-12-31 23:59:59", 87649415, 87649415*60 + 59},
	} {
		from, to := tstAt(t, c.from, c.place), tstAt(t, c.to, c.place)
		if got := funnel.Hours(from, to); got != c.hours {
			t.Errorf("%s: Hours = %d, want %d", c.name, got, c.hours)
		}
		if want := min(c.minutes, math.MaxInt); int64(funnel.Minutes(from, to)) != want { // an int may have 32 bits
			t.Errorf("%s: Minutes = %d, want %d", c.name, funnel.Minutes(from, to), want)
		}
	}
}

// Days are counted by their midnights, at the place that is asked for.
func TestCalendarDays(t *testing.T) {
	for _, c := range []struct {
		name, place, from, to string
		want                  int
	}{
		{"at once", "UTC", "2026-03-02 09:00:00", "2026-03-02 09:00:00", 0},
		{"the same day, backwards", "UTC", "2026-03-02 23:59:59", "2026-03-02 00:00:00", 0},
		{"overnight", "UTC", "2026-03-02 23:50:00", "2026-03-03 00:10:00", 1},
		{"overnight, backwards", "UTC", "2026-03-03 00:10:00", "2026-03-02 23:50:00", -1},
		{"a leap year", "UTC", "2024-01-01 12:00:00", "2025-01-01 12:00:00", 366},
		{"a day of 23 hours", "Europe/Berlin", "2026-03-29 00:00:00", "2026-03-30 00:00:00", 1},
		{"a day of 25 hours", "Europe/Berlin", "2026-10-25 00:00:00", "2026-10-26 00:00:00", 1},
		{"24 hours within a day of 25", "Europe/Berlin", "2026-10-25 00:00:00", "2026-10-25 23:00:00", 0},
		{"a date that Samoa left out", "Pacific/Apia", "2011-12-29 12:00:00", "2011-12-31 12:00:00", 2},
		{"before 1970", "UTC", "1969-12-31 23:00:00", "1970-01-01 01:00:00", 1},
		{"the whole calendar", "UTC", "0001-01-01 00:00:00", "9999-12-31 23:59:59", 3652058},
		{"the whole calendar, backwards", "UTC", "9999-12-31 23:59:59", "0001-01-01 00:00:00", -3652058},
	} {
		clock := funnel.CalendarDays(tstPlace(t, c.place))
		if got := clock(tstAt(t, c.from, c.place), tstAt(t, c.to, c.place)); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}

	// The date is that of the place, not of the time's own location.
	from, to := tstAt(t, "2026-03-02 20:00:00", "UTC"), tstAt(t, "2026-03-02 23:30:00", "UTC")
	if got := funnel.CalendarDays(nil)(from, to); got != 0 {
		t.Errorf("UTC: %d, want 0", got)
	}
	if got := funnel.CalendarDays(tstPlace(t, "Europe/Berlin"))(from, to); got != 1 {
		t.Errorf("Berlin: %d, want 1", got)
	}
}

// At 00:01 on 7 November 2010 the clocks of St. John's went back to 23:01 of the day before. The minute that was already the
// 7th makes the hour after it the 7th too: a clock must not fall.
func TestCalendarDays_midnightTwice(t *testing.T) {
	clock := funnel.CalendarDays(tstPlace(t, "America/St_Johns"))
	start := tstAt(t, "2010-11-06 12:00:00", "America/St_Johns")
	change := start.Add(12*time.Hour + time.Minute)
	if got := change.Format("15:04"); got != "23:01" {
		t.Skipf("the zone data know nothing of it: it is %s", got)
	}
	for _, c := range []struct {
		after time.Duration
		want  int
	}{{-61 * time.Second, 0}, {-time.Second, 1}, {0, 1}, {30 * time.Minute, 1}, {time.Hour, 1}, {24 * time.Hour, 1}, {25 * time.Hour, 2}} {
		if got := clock(start, change.Add(c.after)); got != c.want {
			t.Errorf("%v after the change: %d, want %d", c.after, got, c.want)
		}
	}
}

// Business days after the day of from, up to and with that of to.
func TestBusinessDays(t *testing.T) {
	easter := salesops.Calendar{Holidays: []salesops.Date{
		on("2026-04-06"), on("2026-04-03"), on("2026-04-05"), on("2026-04-03"), {}, // Monday, Friday, a Sunday, Friday again
	}}
	gulf := salesops.Calendar{Weekend: []time.Weekday{time.Friday, time.Saturday}}
	for _, c := range []struct {
		name     string
		cal      salesops.Calendar
		from, to string
		want     int
	}{
		{"the same day", salesops.Calendar{}, "2026-03-02 09:00:00", "2026-03-02 18:00:00", 0},
		{"Monday to Tuesday", salesops.Calendar{}, "2026-03-02 18:00:00", "2026-03-03 09:00:00", 1},
		{"Friday to Saturday", salesops.Calendar{}, "2026-03-06 09:00:00", "2026-03-07 09:00:00", 0},
		{"Friday to Monday", salesops.Calendar{}, "2026-03-06 09:00:00", "2026-03-09 09:00:00", 1},
		{"Saturday to Monday", salesops.Calendar{}, "2026-03-07 09:00:00", "2026-03-09 09:00:00", 1},
		{"Saturday to Sunday", salesops.Calendar{}, "2026-03-07 09:00:00", "2026-03-08 09:00:00", 0},
		{"a week", salesops.Calendar{}, "2026-03-04 09:00:00", "2026-03-11 09:00:00", 5},
		{"Monday back to Friday", salesops.Calendar{}, "2026-03-09 09:00:00", "2026-03-06 09:00:00", -1},
		{"Sunday back to Saturday", salesops.Calendar{}, "2026-03-08 09:00:00", "2026-03-07 09:00:00", 0},
		{"over Easter", easter, "2026-04-02 09:00:00", "2026-04-07 09:00:00", 1},
		{"to Good Friday", easter, "2026-04-02 09:00:00", "2026-04-03 09:00:00", 0},
		{"from Good Friday", easter, "2026-04-03 09:00:00", "2026-04-07 09:00:00", 1},
		{"back over Easter", easter, "2026-04-07 09:00:00", "2026-04-02 09:00:00", -1},
		{"Thursday to Sunday in the Gulf", gulf, "2026-03-05 09:00:00", "2026-03-08 09:00:00", 1},
		{"Friday to Sunday in the Gulf", gulf, "2026-03-06 09:00:00", "2026-03-08 09:00:00", 1},
		{"no weekend", salesops.Calendar{Weekend: []time.Weekday{}}, "2026-03-06 09:00:00", "2026-03-09 09:00:00", 3},
		{"nothing but weekend", salesops.Calendar{Weekend: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}, "2026-03-06 09:00:00", "2027-03-09 09:00:00", 0},
		{"the whole calendar", salesops.Calendar{}, "0001-01-01 00:00:00", "9999-12-31 00:00:00", 2608614},
	} {
		clock := funnel.BusinessDays(c.cal, nil)
		if got := clock(tstAt(t, c.from, "UTC"), tstAt(t, c.to, "UTC")); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// The calendar may be changed after the clock was made, and stays as it is.
func TestBusinessDays_keepsNothing(t *testing.T) {
	cal := salesops.Calendar{Holidays: []salesops.Date{on("2026-03-04"), on("2026-03-03")}, Weekend: []time.Weekday{0}}
	clock := funnel.BusinessDays(cal, nil)
	if cal.Holidays[0] != on("2026-03-04") {
		t.Error("the holidays were sorted in place")
	}
	cal.Holidays[0], cal.Weekend[0] = on("2026-03-03"), 3
	if got := clock(tstAt(t, "2026-03-02 00:00:00", "UTC"), tstAt(t, "2026-03-07 00:00:00", "UTC")); got != 3 {
		t.Errorf("%d, want 3: Thursday, Friday and Saturday", got)
	}
}

// Times that no deal has neither panic nor wrap.
func TestClock_hostile(t *testing.T) {
	far := time.Unix(1<<61, 0)
	clocks := map[string]funnel.Clock{
		"Hours": funnel.Hours, "Minutes": funnel.Minutes, "CalendarDays": funnel.CalendarDays(nil),
		"BusinessDays": funnel.BusinessDays(salesops.Calendar{}, nil),
	}
	for name, clock := range clocks {
		for _, late := range []time.Time{far, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)} {
			if ahead, back := clock(time.Time{}, late), clock(late, time.Time{}); ahead <= 0 || back >= 0 {
				t.Errorf("%s from the zero time to %v: %d, and back %d", name, late, ahead, back)
			}
		}
		if got := clock(far, far); got != 0 {
			t.Errorf("%s of no time: %d", name, got)
		}
	}
}

func BenchmarkClock(b *testing.B) {
	var holidays []salesops.Date
	for y := range 30 {
		for m := range 12 {
			holidays = append(holidays, salesops.NewDate(2000+y, time.Month(m+1), 1))
		}
	}
	from := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		clock funnel.Clock
	}{
		{"Hours", funnel.Hours},
		{"CalendarDays/UTC", funnel.CalendarDays(nil)},
		{"CalendarDays/Berlin", funnel.CalendarDays(tstPlace(b, "Europe/Berlin"))},
		{"BusinessDays/holidays=360", funnel.BusinessDays(salesops.Calendar{Holidays: holidays}, nil)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			i, sum := 0, 0
			for b.Loop() {
				sum += c.clock(from, from.Add(time.Duration(i%10_000)*time.Hour))
				i++
			}
			if sum < 0 {
				b.Fatal(sum)
			}
		})
	}
}

package salesops_test

import (
	"database/sql"
	"database/sql/driver"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests of time zones need the same zones everywhere
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/salesops-go/salesops"
)

var (
	_ fmt.Stringer             = salesops.Date{}
	_ encoding.TextMarshaler   = salesops.Date{}
	_ encoding.TextAppender    = salesops.Date{}
	_ encoding.TextUnmarshaler = (*salesops.Date)(nil)
	_ driver.Valuer            = salesops.Date{}
	_ sql.Scanner              = (*salesops.Date)(nil)
)

func TestDateSize(t *testing.T) {
	if got := unsafe.Sizeof(salesops.Date{}); got != 4 {
		t.Errorf("a Date takes %d bytes, want 4", got)
	}
}

// Every day from 0001-01-01 to 9999-12-31 against time.Time.
func TestEveryDay(t *testing.T) {
	d := firstDate
	tm := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range allDays {
		year, month, day := tm.Date()
		gotYear, gotMonth, gotDay := d.Civil()
		if gotYear != year || gotMonth != month || gotDay != day {
			t.Fatalf("day %d: Civil() = %d, %d, %d, want %d, %d, %d", i, gotYear, gotMonth, gotDay, year, month, day)
		}
		if got := salesops.NewDate(year, month, day); got != d {
			t.Fatalf("NewDate(%d, %d, %d) = %v, want %v", year, month, day, got, d)
		}
		if d.Weekday() != tm.Weekday() {
			t.Fatalf("%v: Weekday() = %v, want %v", d, d.Weekday(), tm.Weekday())
		}
		if got, err := salesops.ParseDate(d.String()); err != nil || got != d {
			t.Fatalf("ParseDate(%q) = %v, %v", d.String(), got, err)
		}
		if i > 0 && (salesops.DateOf(tm) != d || salesops.DateOf(tm.Add(-1)) != d.AddDays(-1)) {
			t.Fatalf("DateOf(%v) = %v, DateOf of the nanosecond before = %v", tm, salesops.DateOf(tm), salesops.DateOf(tm.Add(-1)))
		}
		if d == lastDate {
			if i != allDays-1 {
				t.Fatalf("the last date is day %d, want %d", i, allDays-1)
			}
			break
		}
		d = d.AddDays(1)
		tm = tm.Add(24 * time.Hour)
	}
	if d != lastDate || d.String() != "9999-12-31" || !d.AddDays(1).IsZero() {
		t.Errorf("after %d days: %v, and the day after that is %v", allDays, d, d.AddDays(1))
	}
	if tm.Format(time.DateOnly) != "9999-12-31" {
		t.Errorf("time.Time arrived at %v", tm)
	}
}

func TestNewDate(t *testing.T) {
	for _, tc := range []struct {
		name             string
		year, month, day int
		want             string
	}{
		{"October 32 is November 1", 2025, 10, 32, "2025-11-01"},
		{"month 0 is December before", 2026, 0, 15, "2025-12-15"},
		{"month -11 is January before", 2026, -11, 15, "2025-01-15"},
		{"month 25 is January two years on", 2026, 25, 15, "2028-01-15"},
		{"day 0 is the last of the month before", 2024, 3, 0, "2024-02-29"},
		{"day -365", 2026, 1, -364, "2025-01-01"},
		{"29 February of a common year", 2025, 2, 29, "2025-03-01"},
		{"29 February of 1900, not a leap year", 1900, 2, 29, "1900-03-01"},
		{"29 February of 2000, a leap year", 2000, 2, 29, "2000-02-29"},
		{"months bring the year back into range", 10000, -5, 1, "9999-07-01"},
		{"days bring the year back into range", 0, 1, 367, "0001-01-01"},
		{"the day before the first", 1, 1, 0, ""},
		{"the day after the last", 9999, 12, 32, ""},
		{"year 0", 0, 6, 1, ""},
		{"year 10000", 10000, 1, 1, ""},
		{"everything huge", math.MaxInt, math.MaxInt, math.MaxInt, ""},
		{"everything hugely negative", math.MinInt, math.MinInt, math.MinInt, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := salesops.NewDate(tc.year, time.Month(tc.month), tc.day).String(); got != tc.want {
				t.Errorf("NewDate(%d, %d, %d) = %q, want %q", tc.year, tc.month, tc.day, got, tc.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		year := rapid.IntRange(-2000, 12000).Draw(t, "year")
		month := time.Month(rapid.IntRange(-50000, 50000).Draw(t, "month"))
		day := rapid.IntRange(-1500000, 1500000).Draw(t, "day")
		want := ""
		if tm := time.Date(year, month, day, 0, 0, 0, 0, time.UTC); tm.Year() >= 1 && tm.Year() <= 9999 {
			want = tm.Format(time.DateOnly)
		}
		if got := salesops.NewDate(year, month, day).String(); got != want {
			t.Fatalf("NewDate(%d, %d, %d) = %q, want %q as of time.Date", year, month, day, got, want)
		}
	})
}

func TestZeroDate(t *testing.T) {
	var zero salesops.Date
	d := on("2026-01-31")
	if !zero.IsZero() || d.IsZero() {
		t.Errorf("IsZero: zero %v, date %v", zero.IsZero(), d.IsZero())
	}
	if y, m, day := zero.Civil(); y != 0 || m != 0 || day != 0 || zero.Year() != 0 || zero.Month() != 0 || zero.Day() != 0 {
		t.Errorf("the zero Date has a year, month or day")
	}
	if zero.Weekday() != time.Sunday || zero.String() != "" {
		t.Errorf("Weekday() = %v, String() = %q", zero.Weekday(), zero.String())
	}
	for n, got := range []salesops.Date{zero.AddDays(1), zero.AddDays(-1), zero.AddMonths(1), zero.AddDays(0)} {
		if !got.IsZero() {
			t.Errorf("arithmetic %d on no date gives %v", n, got)
		}
	}
	if zero.DaysSince(d) != 0 || d.DaysSince(zero) != 0 || zero.MonthsSince(d) != 0 || d.MonthsSince(zero) != 0 {
		t.Errorf("there are days or months since no date")
	}
	if !zero.Before(firstDate) || !firstDate.After(zero) || zero.Compare(firstDate) != -1 || firstDate.Compare(zero) != 1 {
		t.Errorf("no date does not sort before every date")
	}
	if !zero.Time(time.UTC).IsZero() || salesops.DateOf(time.Time{}) != zero {
		t.Errorf("the zero Time and the zero Date do not correspond")
	}
	if !salesops.DateOf(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() ||
		!salesops.DateOf(time.Date(0, 12, 31, 23, 0, 0, 0, time.UTC)).IsZero() ||
		!salesops.DateOf(time.Unix(math.MaxInt64, 0)).IsZero() || !salesops.DateOf(time.Unix(math.MinInt64, 0)).IsZero() {
		t.Errorf("a time outside the years 1 to 9999 gives a date")
	}
}

func TestDateAccessors(t *testing.T) {
	d := on("2024-02-29")
	if d.Year() != 2024 || d.Month() != time.February || d.Day() != 29 || d.Weekday() != time.Thursday {
		t.Errorf("%v: %d, %v, %d, %v", d, d.Year(), d.Month(), d.Day(), d.Weekday())
	}
	e := on("2024-03-01")
	if !d.Before(e) || d.After(e) || e.Before(d) || !e.After(d) || d.Before(d) || d.After(d) {
		t.Errorf("Before and After are wrong")
	}
	if d.Compare(e) != -1 || e.Compare(d) != 1 || d.Compare(d) != 0 || d.Equal(e) || !d.Equal(on("2024-02-29")) {
		t.Errorf("Compare or Equal is wrong")
	}
}

func TestAddDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, e := dates().Draw(t, "d"), dates().Draw(t, "e")
		if got := d.AddDays(e.DaysSince(d)); got != e {
			t.Fatalf("%v + %d days = %v, want %v", d, e.DaysSince(d), got, e)
		}
		if d.DaysSince(e) != -e.DaysSince(d) {
			t.Fatalf("days from %v to %v: %d, and back %d", d, e, e.DaysSince(d), d.DaysSince(e))
		}
		n := rapid.IntRange(-1e6, 1e6).Draw(t, "n")
		if got := d.AddDays(n); !got.IsZero() && got.DaysSince(d) != n {
			t.Fatalf("%v + %d days = %v, which is %d days later", d, n, got, got.DaysSince(d))
		}
	})
}

func TestAddMonths(t *testing.T) {
	for _, tc := range []struct {
		from   string
		months int
		want   string
	}{
		{"2025-01-31", 1, "2025-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-01-31", 2, "2024-03-31"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", -48, "2020-02-29"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2024-12-15", 1, "2025-01-15"},
		{"2025-01-15", -1, "2024-12-15"},
		{"2025-10-31", 0, "2025-10-31"},
		{"0001-02-28", -1, "0001-01-28"},
		{"0001-01-31", -1, ""},
		{"9999-12-01", 1, ""},
		{"9999-12-01", 12 * 9999, ""},
		{"0001-01-01", 12*9999 - 1, "9999-12-01"},
	} {
		if got := on(tc.from).AddMonths(tc.months).String(); got != tc.want {
			t.Errorf("%s + %d months = %q, want %q", tc.from, tc.months, got, tc.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := inner().Draw(t, "d")
		n := rapid.IntRange(-100, 100).Draw(t, "n")
		y, m, day := d.Civil()
		// time.Date overflows a short month; day 0 of the month after is its last day.
		want := time.Date(y, m+time.Month(n), day, 0, 0, 0, 0, time.UTC)
		if last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC); want.After(last) {
			want = last
		}
		got := d.AddMonths(n)
		if want.Year() >= 1 && want.Year() <= 9999 {
			if got.String() != want.Format(time.DateOnly) {
				t.Fatalf("%v + %d months = %v, want %v", d, n, got, want)
			}
		} else if !got.IsZero() {
			t.Fatalf("%v + %d months = %v, want no date", d, n, got)
		}
	})
}

func TestMonthsSince(t *testing.T) {
	for _, tc := range []struct {
		from, to string
		want     int
	}{
		{"2025-01-31", "2025-02-27", 0},
		{"2025-01-31", "2025-02-28", 1},
		{"2024-01-31", "2024-02-28", 0},
		{"2025-01-31", "2025-03-30", 1},
		{"2025-01-31", "2025-03-31", 2},
		{"2024-02-29", "2025-02-28", 12},
		{"2025-02-28", "2025-03-28", 1},
		{"2025-06-15", "2025-06-15", 0},
		{"2025-06-15", "2025-06-14", -1},
		{"2025-06-15", "2025-05-15", -1},
		{"2025-06-15", "2025-05-14", -2},
		{"0001-01-01", "9999-12-31", 12*9999 - 1},
	} {
		if got := on(tc.to).MonthsSince(on(tc.from)); got != tc.want {
			t.Errorf("months from %s to %s: %d, want %d", tc.from, tc.to, got, tc.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		e := dates().Draw(t, "e")
		d := rapid.OneOf(dates(), rapid.Map(rapid.IntRange(-100, 100), e.AddDays)).Draw(t, "d")
		if d.IsZero() {
			return // e.AddDays left the range
		}
		m := d.MonthsSince(e)
		if lo := e.AddMonths(m); lo.After(d) {
			t.Fatalf("%v since %v is %d months, but that is %v", d, e, m, lo)
		}
		if hi := e.AddMonths(m + 1); !hi.IsZero() && !d.Before(hi) {
			t.Fatalf("%v since %v is %d months, but one more is %v", d, e, m, hi)
		}
		n := rapid.IntRange(-500, 500).Draw(t, "n")
		if later := e.AddMonths(n); !later.IsZero() && later.MonthsSince(e) != n {
			t.Fatalf("(%v + %d months) is %d months later", e, n, later.MonthsSince(e))
		}
	})
}

func TestDateOfZone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.IntRange(-16*3600, 16*3600).Draw(t, "offset")
		seconds := rapid.Int64Range(-62135596800-86400, 253402300799+86400).Draw(t, "seconds")
		tm := time.Unix(seconds, rapid.Int64Range(0, 999999999).Draw(t, "ns")).In(time.FixedZone("", offset))
		want := ""
		if tm.Year() >= 1 && tm.Year() <= 9999 && !tm.IsZero() {
			want = tm.Format(time.DateOnly)
		}
		if got := salesops.DateOf(tm).String(); got != want {
			t.Fatalf("DateOf(%v) = %q, want %q", tm, got, want)
		}
	})
}

func TestTime(t *testing.T) {
	for _, tc := range []struct {
		name, date, zone, want string
	}{
		{"usual", "2026-07-01", "America/New_York", "2026-07-01T00:00:00-04:00"},
		{"midnight skipped: 00:00 became 01:00", "2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"},
		{"midnight skipped: 23:30 became 00:30", "1919-03-31", "America/Toronto", "1919-03-31T00:30:00-04:00"},
		{"midnight twice: 01:00 became 00:00", "2023-11-05", "America/Havana", "2023-11-05T00:00:00-04:00"},
		{"back to the day before: 00:00 became 23:00", "2018-02-18", "America/Sao_Paulo", "2018-02-18T00:00:00-03:00"},
		{"a day that did not exist", "2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			loc, err := time.LoadLocation(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := on(tc.date).Time(loc).Format(time.RFC3339); got != tc.want {
				t.Errorf("%s in %s: %s, want %s", tc.date, tc.zone, got, tc.want)
			}
		})
	}
	if got := on("2026-07-01").Time(nil); got != time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("Time(nil) = %v, want UTC", got)
	}
	// A day starts at the first of its minutes, in any zone.
	for _, zone := range []string{
		"UTC", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/Toronto", "Asia/Beirut",
		"Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/Nuuk", "Antarctica/Troll",
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for d := on("1910-01-01"); d.Year() < 2040; d = d.AddDays(1) {
			tm := d.Time(loc)
			if salesops.DateOf(tm) != d {
				if d == on("2011-12-30") && zone == "Pacific/Apia" {
					continue
				}
				t.Fatalf("%v in %s: %v is not on that day", d, zone, tm)
			}
			for _, before := range []time.Duration{1, 30 * time.Minute, time.Hour, 2 * time.Hour} {
				if got := salesops.DateOf(tm.Add(-before)); !got.Before(d) {
					t.Fatalf("%v in %s starts at %v, but %v before is on %v", d, zone, tm, before, got)
				}
			}
		}
	}
}

func TestParseDate(t *testing.T) {
	for _, bad := range []string{
		"", "2026", "2026-1-1", "2026-01-1", "26-01-01", "2026/01/01", "20260101", "2026-01-01 ", " 2026-01-01",
		"2026-01-01T00:00:00Z", "2026-00-01", "2026-13-01", "2026-01-00", "2026-01-32", "2025-02-29", "1900-02-29",
		"2026-04-31", "0000-01-01", "0000-00-00", "-026-01-01", "+026-01-01", "2026-01-0a", "２026-01", "202:-01-01",
		"2026-0/-01", "12026-01-01", "infinity", strings.Repeat("9", 1e6),
	} {
		d, err := salesops.ParseDate(bad)
		var e *salesops.Error
		if !errors.Is(err, salesops.ErrDate) || !errors.As(err, &e) || e.Path != "date" || !d.IsZero() {
			t.Errorf("ParseDate(%.40q) = %v, %v; want ErrDate", bad, d, err)
		}
		if err != nil && len(err.Error()) > 200 {
			t.Errorf("ParseDate of %d bytes: an error of %d bytes", len(bad), len(err.Error()))
		}
	}
	_, err := salesops.ParseDate("2025-02-29")
	want := `salesops: date: want an existing day as YYYY-MM-DD, years 0001 to 9999 (got "2025-02-29")`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error text (-want +got):\n%s", diff)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31", "2025-02-29", "", "2026-1-1", "0000-00-00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := salesops.ParseDate(s)
		tm, timeErr := time.Parse(time.DateOnly, s)
		want := timeErr == nil && tm.Year() >= 1 && len(s) == 10
		if (err == nil) != want {
			t.Fatalf("ParseDate(%q): %v, while time.Parse says %v", s, err, timeErr)
		}
		if err != nil {
			if !errors.Is(err, salesops.ErrDate) {
				t.Fatalf("ParseDate(%q): %v is no ErrDate", s, err)
			}
			return
		}
		if d.String() != s || tm.Format(time.DateOnly) != s {
			t.Fatalf("ParseDate(%q) = %v", s, d)
		}
	})
}

func TestDateText(t *testing.T) {
	type row struct {
		On     salesops.Date            `json:"on"`
		Absent salesops.Date            `json:"absent,omitzero"`
		ByDay  map[salesops.Date]string `json:"byDay"`
	}
	in := row{On: on("2026-01-31"), ByDay: map[salesops.Date]string{on("2026-02-01"): "x"}}
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"on":"2026-01-31","byDay":{"2026-02-01":"x"}}`, string(text)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	var out row
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out); diff != "" {
		t.Errorf("after JSON (-want +got):\n%s", diff)
	}
	d := on("2026-01-31")
	if err := json.Unmarshal([]byte(`"2026-02-30"`), &d); !errors.Is(err, salesops.ErrDate) || d != on("2026-01-31") {
		t.Errorf("a day that does not exist: %v, and the date became %v", err, d)
	}
	if err := json.Unmarshal([]byte(`""`), &d); err != nil || !d.IsZero() {
		t.Errorf(`"" gives %v, %v; want no date`, d, err)
	}
	if got, err := on("0987-06-05").AppendText([]byte("on ")); err != nil || string(got) != "on 0987-06-05" {
		t.Errorf("AppendText = %q, %v", got, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.OneOf(rapid.Just(salesops.Date{}), dates()).Draw(t, "d")
		text, err := d.MarshalText()
		if err != nil || string(text) != d.String() {
			t.Fatalf("MarshalText = %q, %v", text, err)
		}
		e := firstDate
		if err := e.UnmarshalText(text); err != nil || e != d {
			t.Fatalf("%v becomes %q becomes %v, %v", d, text, e, err)
		}
	})
}

func TestDateSQL(t *testing.T) {
	east := time.FixedZone("", 9*3600)
	for _, tc := range []struct {
		name string
		src  any
		want string
		ok   bool
	}{
		{"NULL", nil, "", true},
		{"text", "2026-01-31", "2026-01-31", true},
		{"bytes", []byte("2026-01-31"), "2026-01-31", true},
		{"empty text", "", "", true},
		{"time, in its own location", time.Date(2026, 1, 31, 0, 0, 0, 0, east), "2026-01-31", true},
		{"the zero time", time.Time{}, "", true},
		{"text that is no date", "2026-02-30", "2020-02-02", false},
		{"a zero date of MySQL", []byte("0000-00-00"), "2020-02-02", false},
		{"a time out of range", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "2020-02-02", false},
		{"a number", int64(20260131), "2020-02-02", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := on("2020-02-02")
			err := d.Scan(tc.src)
			if d.String() != tc.want || (err == nil) != tc.ok || err != nil && !errors.Is(err, salesops.ErrDate) {
				t.Errorf("Scan(%v): %v, %v; want %v", tc.src, d, err, tc.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.OneOf(rapid.Just(salesops.Date{}), dates()).Draw(t, "d")
		v, err := d.Value()
		if err != nil || !driver.IsValue(v) || (v == nil) != d.IsZero() {
			t.Fatalf("Value of %v: %v, %v", d, v, err)
		}
		e := firstDate
		if err := e.Scan(v); err != nil || e != d {
			t.Fatalf("%v becomes %v becomes %v, %v", d, v, e, err)
		}
	})
}

func TestDateAllocs(t *testing.T) {
	buf := make([]byte, 0, 16)
	text := []byte("2026-01-31")
	for name, f := range map[string]func(){
		"NewDate":       func() { sinkDate = salesops.NewDate(2026, 1, 31) },
		"ParseDate":     func() { sinkDate, _ = salesops.ParseDate("2026-01-31") },
		"UnmarshalText": func() { _ = sinkDate.UnmarshalText(text) },
		"AppendText":    func() { _, _ = sinkDate.AppendText(buf) },
		"AddMonths":     func() { sinkDate = sinkDate.AddMonths(1).AddMonths(-1) },
		"DateOf":        func() { sinkDate = salesops.DateOf(sinkTime) },
	} {
		if got := testing.AllocsPerRun(100, f); got != 0 {
			t.Errorf("%s: %v allocations, want none", name, got)
		}
	}
}

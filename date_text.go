package salesops

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// ParseDate reads a date written as 2006-01-02, the extended format of ISO 8601: four digits for the year, two for month
// and day, nothing before, between or after them.
//
// ParseDate returns an error ([ErrDate]) if:
//   - the text has another form; so "" is an error here, unlike in [Date.UnmarshalText]
//   - the day does not exist, such as 2025-02-29
//   - the year is 0000
func ParseDate(s string) (Date, error) {
	d, ok := parseDate(s)
	if !ok {
		return Date{}, notDate(quoted(s))
	}
	return d, nil
}

func parseDate[T string | []byte](s T) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return Date{}, false
	}
	var bad byte
	digit := func(i int) int {
		c := s[i] - '0'
		if c > 9 {
			bad = 1
		}
		return int(c)
	}
	year := digit(0)*1000 + digit(1)*100 + digit(2)*10 + digit(3)
	month := digit(5)*10 + digit(6)
	day := digit(8)*10 + digit(9)
	if bad != 0 || year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return Date{}, false
	}
	return Date{int32(dayOf(year, month, day))}, true
}

func notDate(value string) error {
	return &Error{
		Path: "date", Value: value, Err: ErrDate,
		Msg: "want an existing day as YYYY-MM-DD, years 0001 to 9999",
	}
}

// String returns d as 2006-01-02, and "" for the zero Date.
func (d Date) String() string {
	b, _ := d.AppendText(make([]byte, 0, 10))
	return string(b)
}

// AppendText appends the text of [Date.String] to b. It never fails.
func (d Date) AppendText(b []byte) ([]byte, error) {
	if d.n == 0 {
		return b, nil
	}
	y, m, day := civilOf(int(d.n))
	return append(b,
		byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-',
		byte('0'+day/10), byte('0'+day%10)), nil
}

// MarshalText returns the text of [Date.String]: in JSON a date is "2006-01-02" and no date is "". It never fails.
// Fields tagged omitzero leave no date out.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(make([]byte, 0, 10)) }

// UnmarshalText reads what [Date.MarshalText] writes: "" is no date, anything else goes by the rules of [ParseDate].
// On an error, d keeps its value.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	e, ok := parseDate(text)
	if !ok {
		return notDate(quoted(string(text)))
	}
	*d = e
	return nil
}

// Value returns d for a database: its text, which every SQL database reads as a date free of time zones, and nil, that is
// NULL, for the zero Date. It never fails.
func (d Date) Value() (driver.Value, error) {
	if d.n == 0 {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a database column: NULL is the zero Date, a time.Time gives its date in its own location as [DateOf] does,
// and text goes by [Date.UnmarshalText]. On an error, d keeps its value.
//
// Scan returns an error ([ErrDate]) if:
//   - the text is not a date
//   - the time lies outside the years 1 to 9999
//   - the column has another type
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		e := DateOf(v)
		if e.n == 0 && !v.IsZero() {
			return notDate(v.String())
		}
		*d = e
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return notDate(fmt.Sprintf("a column of type %T", src))
}

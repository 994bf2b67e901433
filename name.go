package salesops

import "strconv"

// Name returns the name of the unit that holds d: "FY2026", "FY2026-H1", "FY2026-Q1", "FY2026-M01" or "FY2026-W01", with
// the number of the unit in its fiscal year. See NameByStart for the year. Names of one unit sort by time,
// up to FY9999.
// It returns "" if d is no date or u is not a unit.
func (c Calendar) Name(u Unit, d Date) string {
	if d.n == 0 || !u.Valid() {
		return ""
	}
	year, k := c.find(u, int(d.n))
	b := append(make([]byte, 0, 12), "FY"...)
	label := year + c.labelOffset()
	for limit := 1000; limit > 1 && label < limit; limit /= 10 {
		b = append(b, '0')
	}
	b = strconv.AppendInt(b, int64(label), 10)
	if u == Year {
		return string(b)
	}
	letter, width := u.letter()
	b = append(b, '-', letter)
	if width == 2 {
		b = append(b, byte('0'+(k+1)/10))
	}
	return string(append(b, byte('0'+(k+1)%10)))
}

// Parse returns the unit and the period that a name stands for; it reads exactly what [Calendar.Name] writes.
//
// Parse returns an error ([ErrName]) if:
//   - the name has another form
//   - the fiscal year has no unit of that number, such as week 53 in a year of 52 weeks
//   - the period lies outside the years 1 to 9999
func (c Calendar) Parse(name string) (Unit, Period, error) {
	fail := func(msg string) (Unit, Period, error) {
		return "", Period{}, &Error{Path: "name", Value: quoted(name), Msg: msg, Err: ErrName}
	}
	const form = `want a form such as "FY2026", "FY2026-H1", "FY2026-Q1", "FY2026-M01" or "FY2026-W01"`
	if len(name) < 6 || name[:2] != "FY" {
		return fail(form)
	}
	year, rest := name[2:6], name[6:]
	if len(rest) > 0 && rest[0] != '-' { // FY10000 is the one year of five digits
		year, rest = name[2:7], name[7:]
	}
	label, ok := number(year)
	if !ok || len(year) == 5 && label != 10000 {
		return fail(form)
	}
	u, k := Year, 1
	if rest != "" {
		if len(rest) < 3 || rest[0] != '-' {
			return fail(form)
		}
		u = unitOf(rest[1])
		_, width := u.letter()
		if k, ok = number(rest[2:]); !ok || len(rest)-2 != width {
			return fail(form)
		}
	}
	start := label - c.labelOffset()
	if n := c.count(u, start); k < 1 || k > n {
		return fail("that fiscal year has the numbers 1 to " + strconv.Itoa(n) + " of this unit")
	}
	p := c.unit(u, start, k-1)
	if p.IsEmpty() {
		return fail("the period lies outside the years 1 to 9999")
	}
	return u, p, nil
}

// labelOffset returns the years from the start of a fiscal year to the one it is named by.
func (c *Calendar) labelOffset() int {
	if c.NameByStart || c.firstMonth() == 0 {
		return 0
	}
	return 1
}

// letter returns the letter of u in names and the number of digits after it.
func (u Unit) letter() (letter byte, width int) {
	switch u {
	case Half:
		return 'H', 1
	case Quarter:
		return 'Q', 1
	case Month:
		return 'M', 2
	case Week:
		return 'W', 2
	default:
		return 0, 0
	}
}

// unitOf returns the unit of a letter in names, and "" for any other letter.
func unitOf(letter byte) Unit {
	for _, u := range [...]Unit{Half, Quarter, Month, Week} {
		if l, _ := u.letter(); l == letter {
			return u
		}
	}
	return ""
}

// number reads a text of decimal digits.
func number(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
		if n > 99999 {
			return 0, false
		}
	}
	return n, s != ""
}

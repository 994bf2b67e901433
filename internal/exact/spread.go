package exact

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
)

// Spread rounds lines to multiples of 10^-places so that they sum to total. The exact
// value of line i is lines[i] / den; its rounded value is written to out[i]. total is
// the sum as rounded before, a multiple of 10^-places.
//
// Each line is rounded down, towards the negative, and the units still missing from
// total go, one each, to the lines with the largest fractional part, the first of them
// when these are equal. When no line is positive, everything is mirrored: negating
// all lines and total negates the result.
//
// When total is less than one unit away from the exact sum, as it is when total is that
// sum rounded, then each line gets one of its two neighbours, and a line that is a multiple
// of the unit stays as it is. When total is farther away, more than one unit falls on some
// lines: units are then given (or taken) in the same order, exact lines after the others,
// round after round, so that the distances from the exact values remain as even as they can.
//
// out may be lines. Spread takes O(n) time and does not allocate when all lines are multiples
// of the unit; otherwise it takes O(n) expected and O(n log n) worst time.
//
// Spread returns an error, and leaves out alone, if:
//   - out has not the length of lines
//   - den is 0
//   - total is no multiple of 10^-places
//   - there are no lines and total is not zero
func Spread(lines []Num, den, total Num, places int32, out []Num) error {
	if len(out) != len(lines) {
		return fmt.Errorf("exact: room for %d of %d lines, make out as long as lines", len(out), len(lines))
	}
	if den.IsZero() {
		return errors.New("exact: the denominator of the lines is 0")
	}
	left, ok := total.units(places)
	if !ok {
		return notMultiple(total, places)
	}
	if len(lines) == 0 {
		if !total.IsZero() {
			return fmt.Errorf("exact: there are no lines to spread %s over", total.text())
		}
		return nil
	}

	s := survey(lines, den, total, places)
	var rems []u128
	var buf [32]u128 // enough for a few lines
	if s.ranked {
		left, rems = s.floorsBig(lines, left, out)
	} else {
		left, rems = s.floors(lines, left, out, buf[:0])
	}
	s.give(out, rems, left)
	return nil
}

// spread holds what is common to all lines of one call of Spread. Line i is
// lines[i] / 10^base over div in units of 10^-places.
type spread struct {
	base   int32
	places int32
	flip   bool     // den is negative
	mirror bool     // no line is positive: round up instead of down
	ranked bool     // the divisor does not fit in 128 bits
	div    u128     // the divisor, unless ranked
	bigDiv *big.Int // the divisor, when ranked
}

// survey makes what the lines have in common.
func survey(lines []Num, den, total Num, places int32) spread {
	s := spread{places: places, flip: den.Sign() < 0}
	base := int64(den.exp) - int64(places)
	var pos, neg bool
	for i := range lines {
		switch lines[i].Sign() {
		case 0:
			continue
		case 1:
			pos = true
		default:
			neg = true
		}
		base = min(base, int64(lines[i].exp))
	}
	if s.flip {
		pos, neg = neg, pos
	}
	s.mirror = !pos && (neg || total.Sign() < 0)
	s.base = int32(base)

	d := den.Abs()
	d.exp -= places
	if d = d.lower(s.base); d.big != nil {
		s.ranked, s.bigDiv = true, d.big
	} else {
		s.div, _ = d.mag()
	}
	return s
}

// floors writes the rounded-down lines to out. It returns what left exceeds their sum by,
// and the remainders, nil when all are 0, in buf, which is zero, if there is room.
func (s *spread) floors(lines []Num, left Num, out []Num, buf []u128) (Num, []u128) {
	var rems []u128
	var sum Num // of the lines of 64 bits, on its own to spare calls of Sub
	for i, n := range lines {
		q, r, ok := s.floor64(n)
		if ok {
			var c uint64
			sum.lo, c = bits.Add64(sum.lo, q.lo, 0)
			sum.hi += q.hi + int64(c)
		} else {
			q, r = s.floor(n)
			left = left.Sub(q)
		}
		if !r.isZero() {
			if rems == nil {
				if n := len(lines); 2*n <= cap(buf) { // twice, as room for largest
					rems = buf[:n]
				} else {
					rems = make([]u128, n, 2*n)
				}
			}
			rems[i] = r
		}
		out[i] = q
	}
	sum.exp = -s.places
	return left.Sub(sum), rems
}

// floor64 is floor for divisors and quotients of 64 bits, and false when there are others.
func (s *spread) floor64(n Num) (Num, u128, bool) {
	if s.div.hi != 0 || n.big != nil {
		return Num{}, u128{}, false
	}
	m, neg := n.mag()
	if n.exp != s.base {
		d := uint32(n.exp - s.base)
		if d >= 20 || m.hi != 0 {
			return Num{}, u128{}, false
		}
		m.hi, m.lo = bits.Mul64(m.lo, pow10[d].lo)
	}
	q, r := m.lo, uint64(0)
	switch d := s.div.lo; {
	case m.hi != 0:
		if m.hi >= d>>1 { // the quotient may exceed 2^63
			return Num{}, u128{}, false
		}
		q, r = bits.Div64(m.hi, m.lo, d)
	case d != 1:
		q, r = m.lo/d, m.lo%d
	}
	neg = neg != s.flip
	if neg != s.mirror && r != 0 {
		q, r = q+1, s.div.lo-r // no overflow: here q ≤ 2^63
	}
	return fromMag64(neg, q, -s.places), u128{0, r}, true
}

// floor returns a line rounded down (up when mirrored), and its remainder.
func (s *spread) floor(n Num) (Num, u128) {
	m, neg, ok := s.small(n)
	if !ok {
		q, rest := s.floorBig(n, s.div.big())
		r, _ := bigMag(rest)
		return q, r
	}
	q, r := m.div(s.div)
	neg = neg != s.flip
	if neg != s.mirror && !r.isZero() {
		q, r = q.add(u128{0, 1}), s.div.sub(r)
	}
	return fromMag(neg, q, -s.places), r
}

// floorsBig is floors for a divisor beyond 128 bits: instead of the remainders it returns
// their ranks, which order the lines in the same way.
func (s *spread) floorsBig(lines []Num, left Num, out []Num) (Num, []u128) {
	all := make([]*big.Int, len(lines))
	for i, n := range lines {
		out[i], all[i] = s.floorBig(n, s.bigDiv)
		left = left.Sub(out[i])
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, (*big.Int).Cmp)
	ranks := make([]u128, len(all))
	for i, r := range all {
		rank, _ := slices.BinarySearchFunc(sorted, r, (*big.Int).Cmp)
		ranks[i] = u128{0, uint64(rank)}
	}
	return left, ranks
}

// small returns the magnitude and the sign of n in units of 10^base, and false when it
// does not fit in 128 bits.
func (s *spread) small(n Num) (m u128, neg, ok bool) {
	if n.big != nil {
		return u128{}, false, false
	}
	m, neg = n.mag()
	m, ok = m.scale(int64(n.exp) - int64(s.base))
	return m, neg, ok
}

// floorBig returns one line rounded down (up when mirrored), and its remainder.
func (s *spread) floorBig(n Num, div *big.Int) (Num, *big.Int) {
	if n.IsZero() {
		return Num{exp: -s.places}, new(big.Int)
	}
	v := n.lower(s.base).coef()
	if s.flip != s.mirror {
		v = new(big.Int).Neg(v)
	}
	q, r := new(big.Int).DivMod(v, div, new(big.Int))
	if s.mirror {
		q.Neg(q)
	}
	return fromBig(q, -s.places), r
}

// give adds the units of left to out in the order of falling remainders.
func (s *spread) give(out []Num, rems []u128, left Num) {
	if left.IsZero() {
		return
	}
	unit := New(1, -s.places)
	if s.mirror {
		unit, left = unit.Neg(), left.Neg()
	}
	left.exp = 0
	n := len(out)
	if left.big != nil || left.hi != 0 || left.lo >= uint64(n) { // total is far from the sum
		rounds, rest, _ := QuoRem(left, Int(int64(n)), 0)
		if rest.Sign() < 0 {
			rounds, rest = rounds.Sub(Int(1)), rest.Add(Int(int64(n)))
		}
		each := rounds.Mul(unit)
		for i := range out {
			out[i] = out[i].Add(each)
		}
		left = rest
	}
	k := int(left.lo)
	if k == 0 {
		return
	}
	if rems == nil {
		for i := range k {
			out[i] = out[i].Add(unit)
		}
		return
	}
	least, ties := largest(rems, k)
	for i := range out {
		switch c := rems[i].cmp(least); {
		case c < 0:
			continue
		case c == 0:
			if ties == 0 {
				continue
			}
			ties--
		}
		out[i] = out[i].Add(unit)
	}
}

func notMultiple(total Num, places int32) error {
	return fmt.Errorf("exact: total %s has more than %d decimals, round it first", total.text(), places)
}

// text returns n in full, for messages.
func (n Num) text() string {
	n = n.trim()
	return n.decimal().StringFixed(max(0, -n.exp))
}

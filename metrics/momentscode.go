package metrics

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// MarshalBinary returns the moments in binary form, which depends on nothing but how many numbers there are and the sums of
// their powers: not on order, grouping or trailing zeros, nor on what was taken away.
func (m Moments[N]) MarshalBinary() ([]byte, error) {
	t := m.total()
	b := wire.Uint(wire.Head(nil, 'M', 1), uint64(t.n))
	for _, s := range t.s {
		b = appendNum(b, s)
	}
	return b, nil
}

// UnmarshalBinary replaces m by the moments in binary form. It returns an error ([ErrEncoding]), and leaves m as it is, if data
// is not what [Moments.MarshalBinary] returns for moments of this type, or no numbers have such sums.
func (m *Moments[N]) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'M', 1)
	p := powers{n: r.Natural(math.MaxInt64)}
	for k := range p.s {
		p.s[k] = readNum(r)
	}
	if err := r.Close(); err != nil {
		return errEncoding("moments", err)
	}
	var in Moments[N]
	if err := in.setDecoded(p); err != nil {
		return err
	}
	if again, _ := in.MarshalBinary(); !bytes.Equal(again, data) {
		return errEncoding("moments", errNumForm)
	}
	*m = in
	return nil
}

// setDecoded makes m hold sums that were decoded, unless no numbers of the type have them.
func (m *Moments[N]) setDecoded(p powers) error {
	digits, places := reach[N]()
	ok := p.possible(digits)
	for k, s := range p.s {
		ok = ok && s.Round(places*int32(k+1), exact.Down).Cmp(s) == 0
	}
	if !ok {
		return errEncoding("moments", errors.New("has sums that no numbers of the type have"))
	}
	m.set(p)
	return nil
}

// Bounds of the sums in a text. The longest are fourth powers of floats: 4×(309+324) digits, and 19 more for the sum.
const (
	maxNumDigits   = 2600
	maxNumBytes    = 1090
	maxNumExponent = 1300
)

var errNumForm = errors.New("is not in the one form that is written")

// appendNum appends a number of any length: sign and magnitude of its coefficient, and its exponent. Zero is one byte.
func appendNum(b []byte, n exact.Num) []byte {
	d := n.Decimal()
	coef := d.Coefficient()
	switch coef.Sign() {
	case 0:
		return wire.String(b, "")
	case 1:
		b = wire.String(b, "+"+string(coef.Bytes()))
	default:
		b = wire.String(b, "-"+string(coef.Bytes()))
	}
	return wire.Int(b, int64(d.Exponent()))
}

// readNum reads what appendNum wrote, and other forms of it. The number is within the bounds above.
func readNum(r *wire.Reader) exact.Num {
	s := r.String()
	if s == "" {
		return exact.Num{}
	}
	exp := r.Int()
	if len(s) > 1+maxNumBytes || exp < -maxNumExponent || exp > maxNumExponent || s[0] != '+' && s[0] != '-' {
		r.Fail(errNumForm)
		return exact.Num{}
	}
	coef := new(big.Int).SetBytes([]byte(s[1:]))
	if s[0] == '-' {
		coef.Neg(coef)
	}
	return exact.FromBig(coef, int32(exp))
}

// momentsJSON is the JSON form of moments.
type momentsJSON struct {
	N    *int64  `json:"n"`
	Sum  *string `json:"sum"`
	Sum2 *string `json:"sum2"`
	Sum3 *string `json:"sum3"`
	Sum4 *string `json:"sum4"`
}

func (j *momentsJSON) sums() [4]**string { return [...]**string{&j.Sum, &j.Sum2, &j.Sum3, &j.Sum4} }

// MarshalJSON returns the moments as an object: how many numbers there are, and the exact sums of their first four powers:
// {"n":2,"sum":"1.5","sum2":"1.25","sum3":"1.125","sum4":"1.0625"}.
func (m Moments[N]) MarshalJSON() ([]byte, error) {
	t := m.total()
	j := momentsJSON{N: &t.n}
	for k, to := range j.sums() {
		s := numText(t.s[k])
		*to = &s
	}
	return json.Marshal(j)
}

// UnmarshalJSON replaces m by the moments in JSON; null changes nothing. It returns an error ([ErrEncoding]), and leaves m as it
// is, if data is not the JSON of moments of this type: fields are missing or others there, a sum is not written as
// [Moments.MarshalJSON] writes it, or no numbers have such sums.
func (m *Moments[N]) UnmarshalJSON(data []byte) error {
	if wire.IsNull(data) {
		return nil
	}
	var j momentsJSON
	if err := wire.StrictJSON(data, &j); err != nil {
		return errEncoding("moments", err)
	}
	if j.N == nil {
		return errEncoding("moments", errors.New("lacks n"))
	}
	p := powers{n: *j.N}
	for k, from := range j.sums() {
		var ok bool
		if *from != nil {
			p.s[k], ok = numOfText(**from)
		}
		if !ok {
			return errEncoding("moments", errors.New("lacks a sum, or has one that is not written as -12.5 is"))
		}
	}
	return m.setDecoded(p)
}

// numText writes a number without exponent, and without zeros at its ends: "-12.5".
func numText(n exact.Num) string {
	d := n.Decimal()
	digits, sign := d.Coefficient().Text(10), ""
	if d.Sign() < 0 {
		digits, sign = digits[1:], "-"
	}
	exp := int(d.Exponent())
	if exp >= 0 {
		return sign + digits + strings.Repeat("0", exp)
	}
	if zeros := 1 - exp - len(digits); zeros > 0 {
		digits = strings.Repeat("0", zeros) + digits
	}
	point := len(digits) + exp
	return sign + digits[:point] + "." + digits[point:]
}

// numOfText reads what numText wrote; ok is false if s is anything else, or out of the bounds above.
func numOfText(s string) (n exact.Num, ok bool) {
	if len(s) > maxNumDigits+len("-0.") {
		return n, false
	}
	whole, places, _ := strings.Cut(s, ".")
	coef, ok := new(big.Int).SetString(whole+places, 10)
	if !ok {
		return n, false
	}
	n = exact.FromBig(coef, -int32(len(places)))
	return n, numText(n) == s
}

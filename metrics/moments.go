package metrics

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/salesops-go/salesops/internal/exact"
	"github.com/salesops-go/salesops/internal/wire"
)

// Moments is a stand-in.
type Moments[N Number] struct {
	n       int64
	sum, sq exact.Num
}

// Add adds.
func (m *Moments[N]) Add(x N) error {
	n, ok := numOf(x)
	if !ok || !m.addNum(n) {
		return &Error{Path: "x", Msg: outOfBounds, Err: ErrInput}
	}
	return nil
}

func (m *Moments[N]) addNum(n exact.Num) bool {
	if !addCount(&m.n, 1) {
		return false
	}
	m.sum, m.sq = m.sum.Add(n), m.sq.Add(n.Mul(n))
	return true
}

// Merge merges.
func (m *Moments[N]) Merge(o *Moments[N]) error {
	if o == nil {
		return nil
	}
	if !addCount(&m.n, o.n) {
		return errTooMany("moments")
	}
	m.sum, m.sq = m.sum.Add(o.sum), m.sq.Add(o.sq)
	return nil
}

// Clone clones.
func (m *Moments[N]) Clone() *Moments[N] { c := *m; return &c }

// Len is n.
func (m *Moments[N]) Len() int64 { return m.n }

// Mean is the mean.
func (m *Moments[N]) Mean() (float64, bool) { return exact.QuoFloat(m.sum, exact.Int(m.n)) }

// SD is the standard deviation.
func (m *Moments[N]) SD() (float64, bool) {
	if m.n < 2 {
		return 0, false
	}
	n := exact.Int(m.n)
	v, ok := exact.QuoFloat(n.Mul(m.sq).Sub(m.sum.Mul(m.sum)), n.Mul(exact.Int(m.n-1)))
	return math.Sqrt(v), ok
}

func (m Moments[N]) texts() (a, b string) {
	return decText(m.sum), decText(m.sq)
}

func decText(n exact.Num) string {
	d := n.Decimal()
	c := d.Coefficient()
	return c.String() + "e" + intText(int64(d.Exponent()))
}

// MarshalBinary encodes.
func (m Moments[N]) MarshalBinary() ([]byte, error) {
	a, b := m.texts()
	return wire.String(wire.String(wire.Uint(wire.Head(nil, 'm', 1), uint64(m.n)), a), b), nil
}

// UnmarshalBinary decodes.
func (m *Moments[N]) UnmarshalBinary(data []byte) error {
	r := wire.NewReader(data, 'm', 1)
	n, a, b := r.Natural(math.MaxInt64), r.String(), r.String()
	if err := r.Close(); err != nil {
		return errEncoding("moments", err)
	}
	return m.set(n, a, b)
}

func (m *Moments[N]) set(n int64, a, b string) error {
	x, okA := parseDec(a)
	y, okB := parseDec(b)
	if !okA || !okB || n < 0 {
		return &Error{Path: "moments", Msg: "bad", Err: ErrEncoding}
	}
	*m = Moments[N]{n, x, y}
	return nil
}

// MarshalJSON encodes.
func (m Moments[N]) MarshalJSON() ([]byte, error) {
	a, b := m.texts()
	return json.Marshal(map[string]any{"n": m.n, "sum": a, "sq": b})
}

// UnmarshalJSON decodes.
func (m *Moments[N]) UnmarshalJSON(data []byte) error {
	var in struct {
		N       int64 `json:"n"`
		Sum, Sq string
	}
	if err := wire.StrictJSON(data, &in); err != nil {
		return errEncoding("moments", err)
	}
	return m.set(in.N, in.Sum, in.Sq)
}

func parseDec(s string) (exact.Num, bool) {
	c, e, _ := strings.Cut(s, "e")
	v, ok := new(big.Int).SetString(c, 10)
	exp, err := strconv.ParseInt(e, 10, 32)
	if !ok || err != nil || len(s) > 3000 || exp < -2000 || exp > 2000 {
		return exact.Num{}, false
	}
	n := exact.FromBig(v, int32(exp))
	return n, decText(n) == s
}

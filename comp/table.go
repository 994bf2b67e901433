package comp

import (
	"sort"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// table is a curve made ready for many evaluations: Curve.walk, done once.
type table struct {
	mode  Mode
	above bool
	ref   string // JSON pointer to the curve
	ids   []string
	from  []exact.Num
	rate  []exact.Num
	pay   []exact.Num
	// sum[k] is what the rates of the bands before k pay, flat[k] what the
	// flat sums up to k pay.
	sum, flat []exact.Num
	// knots is a common multiple of the distances of a linear curve's bands, and
	// scale[k] that multiple over the distance from band k to the next.
	knots exact.Num
	scale []exact.Num
}

func compile(c *Curve, ref string) *table {
	t := &table{mode: c.Mode, above: c.Edge == Above, ref: ref, knots: exact.Int(1)}
	var sum, flat exact.Num
	for k, b := range c.Bands {
		// With cents like most positions, bounds compare and subtract faster.
		cent := exact.New(1, -2)
		from := exact.From(b.From).Add(cent).Sub(cent)
		if k > 0 {
			sum = sum.Add(t.rate[k-1].Mul(from.Sub(t.from[k-1])))
		}
		flat = flat.Add(exact.From(b.Pay))
		t.ids = append(t.ids, b.ID)
		t.from = append(t.from, from)
		t.rate = append(t.rate, exact.From(b.Rate))
		t.pay = append(t.pay, exact.From(b.Pay))
		t.sum = append(t.sum, sum)
		t.flat = append(t.flat, flat)
	}
	if t.mode == Linear {
		t.compileKnots()
	}
	return t
}

// compileKnots finds the common denominator of a linear curve: distances are
// scaled to integers and their least common multiple is taken.
func (t *table) compileKnots() {
	var gaps []exact.Num
	for k := 1; k < len(t.from); k++ {
		gaps = append(gaps, t.from[k].Sub(t.from[k-1]))
	}
	for _, g := range gaps {
		if !g.IsZero() {
			t.knots = lcm(t.knots, g)
		}
	}
	for _, g := range gaps {
		s := exact.Int(1)
		if !g.IsZero() {
			s, _ = exact.Quo(t.knots, g, 0, exact.HalfUp) // exact: g divides knots
		}
		t.scale = append(t.scale, s)
	}
}

// lcm is the least common multiple of two positive decimals: the least number
// that is a whole multiple of both.
func lcm(a, b exact.Num) exact.Num {
	x, y := a, b
	for !y.IsZero() {
		_, r, _ := exact.QuoRem(x, y, 0)
		x, y = y, r
	}
	q, _ := exact.Quo(a, x, 0, exact.HalfUp) // exact: x divides a
	return q.Mul(b)
}

// reader evaluates a table at positions measured in units of 1/quota: a
// position m stands for the attainment m/quota. Values are fractions over den.
type reader struct {
	*table
	quota exact.Num // 1 when there is no quota
	from  []exact.Num
	sum   []exact.Num
	den   exact.Num
	unit  bool // quota is 1
}

// at makes a table ready for one quota.
func (t *table) at(quota exact.Num) reader {
	r := reader{table: t, quota: quota, from: t.from, sum: t.sum, den: exact.Int(1), unit: quota.Cmp(exact.Int(1)) == 0}
	if !r.unit {
		n := len(t.from)
		scaled := make([]exact.Num, 2*n)
		r.from, r.sum = scaled[:n:n], scaled[n:]
		for k := range t.from {
			r.from[k] = t.from[k].Mul(quota)
			r.sum[k] = t.sum[k].Mul(quota)
		}
	}
	switch t.mode {
	case Linear:
		r.den = quota.Mul(t.knots)
	case Step:
	default:
		r.den = quota
	}
	return r
}

// band returns the index of the band that holds position m, -1 below the first.
// near is a guess, best the band of the position before.
func (r *reader) band(m exact.Num, near int) int {
	if near >= 0 && near < len(r.from) && r.reached(m, near) && (near+1 == len(r.from) || !r.reached(m, near+1)) {
		return near
	}
	if len(r.from) > 16 {
		return sort.Search(len(r.from), func(k int) bool { return !r.reached(m, k) }) - 1
	}
	k := len(r.from) - 1
	for k >= 0 && !r.reached(m, k) {
		k--
	}
	return k
}

func (r *reader) reached(m exact.Num, k int) bool {
	switch cmp := m.Cmp(r.from[k]); {
	case cmp != 0:
		return cmp > 0
	case r.above:
		return k == 0 && r.table.from[0].IsZero()
	default:
		return true
	}
}

// rated is the part of the pay at m in band k that comes from rates, over quota,
// in Marginal mode.
func (r *reader) rated(m exact.Num, k int) exact.Num {
	k = max(k, 0)
	return r.sum[k].Add(r.table.rate[k].Mul(m.Sub(r.from[k])))
}

// flats is the sum of the flat pays at band k, as money: Marginal and Prospective
// add them up, Retroactive has that of the band alone.
func (r *reader) flats(k int) exact.Num {
	switch {
	case k < 0:
		return exact.Num{}
	case r.mode == Retroactive:
		return r.pay[k]
	default:
		return r.flat[k]
	}
}

// value is the value of a Step or Linear table at m in band k, over den.
func (r *reader) value(m exact.Num, k int) exact.Num {
	switch {
	case k < 0:
		return exact.Num{}
	case r.mode == Linear && k < len(r.from)-1:
		rise := r.pay[k+1].Sub(r.pay[k]).Mul(m.Sub(r.from[k])).Mul(r.scale[k])
		return r.pay[k].Mul(r.den).Add(rise)
	default:
		return r.pay[k].Mul(r.den)
	}
}

// gridTable is a grid made ready, gridReader one for given quotas and row
// position: its values are fractions over den, the same for all columns.
type gridTable struct {
	*Grid
	cols, rows *table // the bounds as Step or Linear curves of interval indexes
	cells      [][]exact.Num
}

type gridReader struct {
	*gridTable
	col  reader
	den  exact.Num
	j    int       // row reached, -1 below the first
	y    exact.Num // how far into it, over rowDen
	rest exact.Num // rowDen − y
}

func compileGrid(g *Grid) *gridTable {
	axis := func(bounds []decimal.Decimal) *table {
		c := Curve{Mode: Step, Edge: g.Edge}
		if g.Blend {
			c.Mode = Linear
		}
		for k, b := range bounds {
			c.Bands = append(c.Bands, Band{From: b, Pay: decimal.New(int64(k), 0)})
		}
		return compile(&c, "")
	}
	t := &gridTable{Grid: g, cols: axis(g.Cols), rows: axis(g.Rows)}
	for _, row := range g.Cells {
		cells := make([]exact.Num, len(row))
		for i, v := range row {
			cells[i] = exact.From(v)
		}
		t.cells = append(t.cells, cells)
	}
	return t
}

// at prepares a window: a column quota, and the row's position and quota.
func (t *gridTable) at(quota, row, rowQuota exact.Num) *gridReader {
	r := &gridReader{gridTable: t, col: t.cols.at(quota)}
	rows := t.rows.at(rowQuota)
	r.j = rows.band(row, -1)
	// A Linear curve of interval indexes gives index + fraction, over its den.
	r.y = rows.value(row, r.j).Sub(rows.den.Mul(exact.Int(int64(max(r.j, 0)))))
	r.rest = rows.den.Sub(r.y)
	r.den = r.col.den.Mul(rows.den)
	return r
}

// value is the grid's value at a column position, over den.
func (r *gridReader) value(m exact.Num) exact.Num {
	i := r.col.band(m, -1)
	if i < 0 || r.j < 0 {
		return exact.Num{}
	}
	x := r.col.value(m, i).Sub(r.col.den.Mul(exact.Int(int64(i))))
	left := r.col.den.Sub(x)
	corner := func(j, i int, w, h exact.Num) exact.Num {
		if w.IsZero() || h.IsZero() {
			return exact.Num{}
		}
		return r.cells[j][i].Mul(w).Mul(h)
	}
	v := corner(r.j, i, left, r.rest)
	v = v.Add(corner(r.j, i+1, x, r.rest))
	v = v.Add(corner(r.j+1, i, left, r.y))
	return v.Add(corner(r.j+1, i+1, x, r.y))
}

package comp

import (
	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// Grid pays by two measures at once: the column by the component's own
// position, the row by that of the component named by [Component.Across].
// Below the first column or the first row it pays nothing; past the last it
// pays as on the last. A position is never split over cells. The zero Grid
// pays nothing.
type Grid struct {
	// Cols and Rows are the lower bounds of the columns and rows; they rise.
	Cols []decimal.Decimal `json:"cols"`
	Rows []decimal.Decimal `json:"rows"`
	// Cells holds one slice of len(Cols) values for each row.
	Cells [][]decimal.Decimal `json:"cells"`
	// Blend interpolates between the four neighbouring cells (bilinear);
	// otherwise the cell reached pays.
	Blend bool `json:"blend,omitempty"`
	// Edge says to which cell a position on a bound belongs; see [Edge].
	Edge Edge `json:"edge,omitempty"`
}

// At returns the value at a column and a row position. It is exact, except that
// a blended value is rounded half away from zero to 12 decimal places when it
// does not end before. Cells that are missing count as 0.
func (g Grid) At(col, row decimal.Decimal) decimal.Decimal {
	n, d := g.value(num(col), num(row))
	v, _ := exact.Quo(n, d, quotientPlaces, exact.HalfUp)
	return v.Decimal()
}

// value returns the value at a column and a row as an exact fraction.
func (g Grid) value(col, row exact.Num) (num, den exact.Num) {
	one := exact.Int(1)
	i, x, width := g.find(g.Cols, col)
	j, y, height := g.find(g.Rows, row)
	if i < 0 || j < 0 {
		return exact.Num{}, one
	}
	if !g.Blend {
		return g.cell(j, i), one
	}
	// Bilinear: each corner weighs by the opposite area.
	left, below := width.Sub(x), height.Sub(y)
	num = g.cell(j, i).Mul(left).Mul(below)
	num = num.Add(g.cell(j, i+1).Mul(x).Mul(below))
	num = num.Add(g.cell(j+1, i).Mul(left).Mul(y))
	num = num.Add(g.cell(j+1, i+1).Mul(x).Mul(y))
	return num, width.Mul(height)
}

// find returns the interval of an axis that holds v, how far v is into it and
// its width; past the last bound v is 0 into an interval of width 1.
func (g Grid) find(axis []decimal.Decimal, v exact.Num) (k int, into, width exact.Num) {
	edge := Curve{Edge: g.Edge}
	k = len(axis) - 1
	for k >= 0 && !edge.reached(v, num(axis[k]), k == 0) {
		k--
	}
	if k < 0 || k == len(axis)-1 {
		return k, exact.Num{}, exact.Int(1)
	}
	from := num(axis[k])
	return k, v.Sub(from), num(axis[k+1]).Sub(from)
}

func (g Grid) cell(row, col int) exact.Num {
	if row >= len(g.Cells) || col >= len(g.Cells[row]) {
		return exact.Num{}
	}
	return num(g.Cells[row][col])
}

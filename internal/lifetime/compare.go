package lifetime

import (
	"math"
	"slices"
)

// Comparison is the outcome of a test of whether groups differ.
type Comparison struct {
	// Groups are the groups, as given.
	Groups []Group
	// ChiSquared is the statistic, 0 or more: it has a chi-squared distribution if there is no difference.
	ChiSquared float64
	// DF is its degrees of freedom. It is 0 if there is nothing to compare.
	DF int
}

// Group is what a test says about one group.
type Group struct {
	// N is the number of lifetimes.
	N int64
	// Observed is how many ended, weighted.
	Observed float64
	// Expected is how many would have, had all groups been alike.
	Expected float64
	// Variance is that of Observed - Expected if all groups are alike.
	Variance float64
}

// moment is a tick at which a lifetime of some group ended, as one group sees it.
type moment struct {
	atRisk, ended, by float64
	stay              float64 // atRisk - ended, also where these are too large to tell them apart
}

// record is a row of a group, reduced to what tests read.
type record struct {
	tick int
	moment
	left float64 // at risk after the tick
}

// records returns the rows of a histogram, none if it is nil, with the ends by a cause.
func records(h *Histogram, cause Cause) []record {
	if h == nil {
		return nil
	}
	var out []record
	for row := range h.Rows() {
		ended := row.Ended()
		r := record{tick: row.Tick, left: float64(row.AtRisk - ended - row.Exits(Censored))}
		r.moment = moment{float64(row.AtRisk), float64(ended), float64(row.Exits(cause)), float64(row.AtRisk - ended)}
		out = append(out, r)
	}
	return out
}

// moments calls visit for each tick at which a lifetime of some group ended, ascending, with what each group sees of it; visit
// must not keep the slice.
func moments(groups [][]record, visit func(now []moment)) {
	next := make([]int, len(groups))
	now := make([]moment, len(groups))
	for {
		tick := math.MaxInt
		for g, rows := range groups {
			if i := next[g]; i < len(rows) {
				tick = min(tick, rows[i].tick)
			}
		}
		if tick == math.MaxInt {
			return
		}
		ended := false
		for g, rows := range groups {
			i := next[g]
			switch {
			case i < len(rows) && rows[i].tick == tick:
				now[g] = rows[i].moment
				ended = ended || now[g].ended > 0
				next[g]++
			case i > 0:
				now[g] = moment{atRisk: rows[i-1].left, stay: rows[i-1].left}
			default:
				now[g] = moment{}
			}
		}
		if ended {
			visit(now)
		}
	}
}

// square returns a new matrix of zeros.
func square(n int) [][]float64 {
	all := make([]float64, n*n)
	m := make([][]float64, n)
	for i := range m {
		m[i] = all[i*n : (i+1)*n]
	}
	return m
}

// quadraticForm returns u' V⁻ u and its degrees of freedom, the rank of V, for the covariance matrix v of differences u. The
// u, and so each row of V, sum to 0. Only what is above the diagonal is read; v is destroyed.
//
// Groups that covary with none, directly or through others, stand apart: each part of the groups that hang together has a
// rank of one less than its size. So one group of each part, that of the greatest covariances, is kept, and the others are
// eliminated by Gauss. As rows sum to 0 the pivot is minus the sum of the rest of the row (Grassmann, Taksar and Heyman 1985,
// doi:10.1287/opre.33.5.1107): where covariances are negative, as those of the log-rank test are, nothing cancels, however
// weakly groups hang together.
func quadraticForm(u []float64, v [][]float64) (x float64, rank int) {
	part := parts(v)
	whole := make([]float64, len(u)) // the variances
	for i := range u {
		for j := range i {
			v[i][j] = v[j][i]
		}
	}
	for i, row := range v {
		whole[i] = pivot(row, i)
	}
	keep := make([]int, len(u)) // by part
	for i, p := range part {
		if i == p || whole[i] > whole[keep[p]] {
			keep[p] = i
		}
	}
	rest := slices.Clone(u)
	for i := range u {
		const noise = 1e-14 // what rounding leaves of a variance that is 0
		variance := pivot(v[i], i)
		if keep[part[i]] == i || variance <= noise*whole[i] {
			continue
		}
		rank++
		x += float64(rest[i] / variance * rest[i])
		for j := range u {
			f := v[i][j] / variance
			if j == i || f == 0 {
				continue
			}
			rest[j] -= float64(f * rest[i])
			for k := range u {
				v[j][k] -= float64(f * v[i][k])
			}
			v[j][i] = 0
		}
	}
	return x, rank
}

// pivot returns minus the sum of a row but for its i-th number.
func pivot(row []float64, i int) (sum float64) {
	for j, x := range row {
		if j != i {
			sum -= x
		}
	}
	return sum
}

// parts returns for each group the first group of the part to which it belongs: those that covary, directly or through others.
func parts(v [][]float64) []int {
	part := make([]int, len(v))
	for g := range part {
		part[g] = g
	}
	for g := range v {
		for h := g + 1; h < len(v); h++ {
			if a, b := part[g], part[h]; v[g][h] != 0 && a != b {
				for i := range part {
					if part[i] == max(a, b) {
						part[i] = min(a, b)
					}
				}
			}
		}
	}
	return part
}

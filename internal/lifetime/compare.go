package lifetime

import "math"

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
}

// record is a row of a group, reduced to what tests read.
type record struct {
	tick int
	moment
	left float64 // at risk after the tick
}

// records returns the rows of a histogram. by is the ends by the cause.
func records(h *Histogram, cause Cause) []record {
	var out []record
	if h == nil {
		return nil
	}
	for row := range h.Rows() {
		ended := row.Ended()
		r := record{tick: row.Tick, left: float64(row.AtRisk - ended - row.Exits(Censored))}
		r.moment = moment{float64(row.AtRisk), float64(ended), float64(row.Exits(cause))}
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
				now[g] = moment{atRisk: rows[i-1].left}
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

// quadraticForm returns u' V⁻ u and its degrees of freedom, the rank of V, for the covariance matrix v of differences u that
// sum to 0, of which only the diagonal and what is above it are read. It destroys v.
//
// Groups that covary with none, directly or through others, stand apart: each part of the groups that hang together has a rank of one
// less than its size, as its differences sum to 0. So the part's group of the greatest variance is left out, and the rest is
// eliminated by Gauss, without pivoting as the matrix is positive semidefinite.
func quadraticForm(u []float64, v [][]float64) (x float64, rank int) {
	part := parts(v)
	out := make([]int, len(u)) // the group left out of each part
	for g := range u {
		if v[g][g] > v[out[part[g]]][out[part[g]]] || out[part[g]] < part[g] {
			out[part[g]] = g
		}
	}
	rest := make([]float64, len(u))
	copy(rest, u)
	whole := make([]float64, len(u)) // the variances before others are eliminated
	for g := range u {
		whole[g] = v[g][g]
	}
	for i := range u {
		const noise = 1e-12 // what rounding leaves of a variance that is 0
		if pivot := v[i][i]; out[part[i]] != i && pivot > noise*whole[i] {
			rank++
			x += float64(rest[i] / pivot * rest[i])
			for j := i + 1; j < len(u); j++ {
				f := v[i][j] / pivot
				if f == 0 {
					continue
				}
				rest[j] -= float64(f * rest[i])
				for k := j; k < len(u); k++ {
					v[j][k] -= float64(f * v[i][k])
				}
			}
		}
	}
	return x, rank
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

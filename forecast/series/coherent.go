package series

import (
	"math"
	"slices"
)

// reconciler finds the coherent values x nearest to b: those with the least (b-x)ᵀ W⁻¹ (b-x), W = diag(w) + u uᵀ.
//
// With u, b is taken to be x + u f + noise of variances w with common factors f of variance 1, and the least is sought
// over x and f: for a given f, x is the projection P(b - uf) with diagonal weights, two passes over the tree; and f solves a system
// of the order of its rank, the matrix I + (u-Pu)ᵀ diag(w)⁻¹ (u-Pu).
type reconciler struct {
	Tree

	w      []float64 // variances, above zero
	u      []float64 // rows of rank factors for each node
	rank   int
	lambda float64

	// Made by factor for the leaves that are held at zero.
	held  []bool    // nil if none is
	below []float64 // for each node the variance of the sum of its children as estimated from below, and
	v     []float64 // that of the node itself
	rest  []float64 // u - Pu
	chol  []float64 // lower triangle, rank by rank
}

// reconcile returns the values nearest to b, a matrix of h columns, and the number of pivots.
func (r *reconciler) reconcile(b []float64, h int, nonNegative bool) (x []float64, pivots int) {
	r.factor(nil)
	x, _ = r.solve(b, h)
	if !nonNegative {
		return x, 0
	}
	n := len(r.ids)
	column, target := make([]float64, n), make([]float64, n)
	for k := range h {
		largest, least := 0.0, 0.0
		for i := range n {
			target[i], column[i] = b[i*h+k], x[i*h+k]
			largest = max(largest, math.Abs(target[i]))
			if r.count[i] == 0 {
				least = min(least, column[i])
			}
		}
		if least < -1e-12*largest {
			column, pivots = r.nonNegative(target, column, pivots)
		}
		for i := range n {
			x[i*h+k] = column[i]
			if r.count[i] == 0 {
				x[i*h+k] = max(column[i], 0)
			}
		}
	}
	return x, pivots
}

// nonNegative returns the values nearest to b that have no leaf below zero, starting from those nearest without that
// condition. It holds leaves at zero that are negative, and lets go those that would rise from zero, all at once as
// long as the number of both falls, else only the last of them, which is bound to end.
func (r *reconciler) nonNegative(b, x []float64, pivots int) ([]float64, int) {
	held := make([]bool, len(b))
	best, patience := len(b)+1, 3
	var f []float64
	for range 1000 {
		wrong := r.wrong(b, x, f, held)
		switch {
		case len(wrong) == 0:
			return x, pivots
		case len(wrong) < best:
			best, patience = len(wrong), 3
		case patience > 0:
			patience--
		default:
			wrong = wrong[len(wrong)-1:]
		}
		for _, i := range wrong {
			held[i] = !held[i]
		}
		r.factor(held)
		x, f = r.solve(b, 1)
		pivots++
	}
	return x, pivots
}

// wrong returns the leaves that are negative and not held, or held though the distance would fall if they rose.
func (r *reconciler) wrong(b, x, f []float64, held []bool) []int {
	n := len(b)
	slope, noise := make([]float64, n), make([]float64, n)
	largest := 0.0
	for i := range n {
		common, size := 0.0, math.Abs(x[i])+math.Abs(b[i])
		if f != nil {
			for k, v := range r.u[i*r.rank : (i+1)*r.rank] {
				p := float64(v * f[k])
				common += p
				size += math.Abs(p)
			}
		}
		slope[i], noise[i] = (x[i]+common-b[i])/r.w[i], size/r.w[i]
		if p := r.parent[i]; p >= 0 {
			slope[i] += slope[p]
			noise[i] += noise[p]
		}
		largest = max(largest, math.Abs(b[i]))
	}
	var found []int
	for i := range n {
		switch {
		case r.count[i] > 0:
		case held[i] && slope[i] < -1e-14*noise[i], !held[i] && x[i] < -1e-12*largest:
			found = append(found, i)
		}
	}
	return found
}

// factor prepares solve with the given leaves held at zero.
func (r *reconciler) factor(held []bool) {
	n := len(r.ids)
	if r.v == nil {
		r.v, r.below = make([]float64, n), make([]float64, n)
	}
	r.held = held
	for i := n - 1; i >= 0; i-- {
		switch {
		case r.count[i] > 0:
			sum := 0.0
			for _, v := range r.v[r.first[i] : r.first[i]+r.count[i]] {
				sum += v
			}
			r.below[i], r.v[i] = sum, sum*(r.w[i]/(sum+r.w[i]))
		case held != nil && held[i]:
			r.v[i] = 0
		default:
			r.v[i] = r.w[i]
		}
	}
	if r.rank == 0 {
		return
	}
	r.rest = slices.Clone(r.u)
	r.project(r.rest, r.rank)
	for i, u := range r.u {
		r.rest[i] = u - r.rest[i]
	}
	r.chol = make([]float64, r.rank*r.rank)
	for i, w := range r.w {
		row := r.rest[i*r.rank : (i+1)*r.rank]
		for s, v := range row {
			v /= w
			line := r.chol[s*r.rank : s*r.rank+s+1]
			for q := range line {
				line[q] += float64(v * row[q])
			}
		}
	}
	for s := range r.rank {
		r.chol[s*r.rank+s]++
	}
	cholesky(r.chol, r.rank)
}

// solve returns the nearest values x to b, a matrix of h columns, and the factors f of them.
func (r *reconciler) solve(b []float64, h int) (x, f []float64) {
	x = slices.Clone(b)
	r.project(x, h)
	if r.rank == 0 {
		return x, nil
	}
	f = make([]float64, r.rank*h) // column by column
	for i, w := range r.w {
		for k := range h {
			d := (b[i*h+k] - x[i*h+k]) / w
			for s, v := range r.rest[i*r.rank : (i+1)*r.rank] {
				f[k*r.rank+s] += float64(v * d)
			}
		}
	}
	for k := range h {
		choleskySolve(r.chol, f[k*r.rank:(k+1)*r.rank])
	}
	for i := range r.w {
		for k := range h {
			common := 0.0
			for s := range r.rank {
				common += float64((r.u[i*r.rank+s] - r.rest[i*r.rank+s]) * f[k*r.rank+s])
			}
			x[i*h+k] -= common
		}
	}
	return x, f
}

// project replaces x, a matrix of h columns, by the coherent values nearest to it with diagonal weights. On the way up
// a node takes the mean of its own value and the sum of its children, weighted by their variances; on the way down the
// children share what their parent has more than their sum, in proportion to their variances.
func (r *reconciler) project(x []float64, h int) {
	for i := len(r.ids) - 1; i >= 0; i-- {
		row := x[i*h : (i+1)*h]
		switch {
		case r.count[i] > 0:
			gain := r.below[i] / (r.below[i] + r.w[i])
			for k, own := range row {
				sum := r.childSum(x, h, i, k)
				row[k] = sum + float64(gain*(own-sum))
			}
		case r.held != nil && r.held[i]:
			clear(row)
		}
	}
	for i := range r.ids {
		if r.count[i] == 0 || r.below[i] == 0 {
			continue // all leaves below are held
		}
		for k := range h {
			more := (x[i*h+k] - r.childSum(x, h, i, k)) / r.below[i]
			for c := r.first[i]; c < r.first[i]+r.count[i]; c++ {
				x[c*h+k] += float64(more * r.v[c])
			}
		}
	}
}

// childSum returns the sum of column k of the children of node i.
func (r *reconciler) childSum(x []float64, h, i, k int) float64 {
	sum := 0.0
	for c := r.first[i]; c < r.first[i]+r.count[i]; c++ {
		sum += x[c*h+k]
	}
	return sum
}

// cholesky replaces the lower triangle of a positive definite n by n matrix by its factor.
func cholesky(a []float64, n int) {
	for i := range n {
		for j := range i + 1 {
			sum := a[i*n+j]
			for k := range j {
				sum -= float64(a[i*n+k] * a[j*n+k])
			}
			if i == j {
				a[i*n+i] = math.Sqrt(max(sum, 1)) // the matrix is the identity and more
			} else {
				a[i*n+j] = sum / a[j*n+j]
			}
		}
	}
}

// choleskySolve replaces b by the solution of L Lᵀ x = b.
func choleskySolve(l, b []float64) {
	n := len(b)
	for i := range n {
		for k := range i {
			b[i] -= float64(l[i*n+k] * b[k])
		}
		b[i] /= l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			b[i] -= float64(l[k*n+i] * b[k])
		}
		b[i] /= l[i*n+i]
	}
}

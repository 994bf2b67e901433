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
	target := make([]float64, len(r.ids))
	for k := range h {
		negative := false
		for i := range target {
			target[i] = b[i*h+k]
			negative = negative || r.count[i] == 0 && x[i*h+k] < 0
		}
		if !negative {
			continue
		}
		leaves, rounds := r.nonNegative(target)
		for i, v := range leaves {
			x[i*h+k] = v
		}
		pivots += rounds
	}
	return x, pivots
}

// nonNegative returns the values nearest to b that have no leaf below zero, right for leaves only, and the number of
// rounds. It holds leaves at zero that would be negative, and lets go those that would not, all at once as long as the
// number of both falls within a few rounds, else only the last of them, which is bound to end.
func (r *reconciler) nonNegative(b []float64) (x []float64, rounds int) {
	held := make([]bool, len(b))
	fewest, patience := len(b)+1, 3
	for rounds < 1000 {
		r.factor(held)
		_, rest := r.solve(b, 1)
		wish, slack := r.wishes(rest)
		var wrong []int
		for i, v := range wish {
			if r.count[i] == 0 && (held[i] && v > slack[i] || !held[i] && v < -slack[i]) {
				wrong = append(wrong, i)
			}
		}
		x = wish
		for i := range x {
			if held[i] {
				x[i] = 0
			}
			x[i] = max(x[i], 0)
		}
		switch {
		case len(wrong) == 0:
			return x, rounds
		case len(wrong) < fewest:
			fewest, patience = len(wrong), 3
		case patience > 0:
			patience--
		default:
			wrong = wrong[len(wrong)-1:]
		}
		for _, i := range wrong {
			held[i] = !held[i]
		}
		rounds++
	}
	return x, rounds
}

// wishes returns, for each leaf, the value that it would have if it alone were let go, and how far rounding may have moved
// that. For a leaf that is not held it is the projection of b. It is the leaf's own value and, in proportion to its
// variance, the price of its parent: by how much the distance falls if there is more below that node.
func (r *reconciler) wishes(b []float64) (wish, slack []float64) {
	n := len(b)
	mean, sum, price := make([]float64, n), make([]float64, n), make([]float64, n)
	sizes, size := make([]float64, n), make([]float64, n) // those of the terms of sum and price
	for i := range slices.Backward(r.ids) {
		mean[i] = b[i]
		switch {
		case r.count[i] > 0:
			for c := r.first[i]; c < r.first[i]+r.count[i]; c++ {
				sum[i] += mean[c]
				sizes[i] += math.Abs(mean[c])
			}
			mean[i] = sum[i] + float64(r.below[i]/(r.below[i]+r.w[i])*(b[i]-sum[i]))
		case r.held[i]:
			mean[i] = 0
		}
	}
	wish, slack = make([]float64, n), make([]float64, n)
	for i := range r.ids {
		above, aboveSize := 0.0, 0.0
		if p := r.parent[i]; p >= 0 {
			above, aboveSize = price[p], size[p]
		}
		if r.count[i] == 0 {
			wish[i] = b[i] + float64(r.w[i]*above)
			slack[i] = 1e-13 * (math.Abs(b[i]) + float64(r.w[i]*aboveSize))
			continue
		}
		all := r.below[i] + r.w[i]
		price[i] = (b[i]-sum[i])/all + float64(above*(r.w[i]/all))
		size[i] = (math.Abs(b[i])+sizes[i])/all + float64(aboveSize*(r.w[i]/all))
	}
	return wish, slack
}

// factor prepares solve with the given leaves held at zero.
func (r *reconciler) factor(held []bool) {
	n := len(r.ids)
	if r.v == nil {
		r.v, r.below = make([]float64, n), make([]float64, n)
	}
	r.held = held
	for i := range slices.Backward(r.ids) {
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

// solve returns the nearest values x to b, a matrix of h columns: the projection of rest, which is b without the common
// factors.
func (r *reconciler) solve(b []float64, h int) (x, rest []float64) {
	x = slices.Clone(b)
	r.project(x, h)
	if r.rank == 0 {
		return x, b
	}
	f := make([]float64, r.rank*h) // column by column
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
			for s, v := range r.u[i*r.rank : (i+1)*r.rank] {
				common += float64(v * f[k*r.rank+s])
			}
			x[i*h+k] = b[i*h+k] - common
		}
	}
	rest = slices.Clone(x)
	r.project(x, h)
	return x, rest
}

// project replaces x, a matrix of h columns, by the coherent values nearest to it with diagonal weights. On the way up
// a node takes the mean of its own value and the sum of its children, weighted by their variances; on the way down the
// children share what their parent has more than their sum, in proportion to their variances.
func (r *reconciler) project(x []float64, h int) {
	for i := range slices.Backward(r.ids) {
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

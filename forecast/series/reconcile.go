package series

import (
	"math"
	"strconv"
)

// Weighting says how far [Tree.Reconcile] trusts the forecast of a node: which matrix W stands for the covariance of
// the errors of the base forecasts.
type Weighting string

// The weightings. The zero value stands for WLSStructural.
const (
	// WLSStructural takes the variance of a node to be its number of leaves; it needs no past errors
	// (Athanasopoulos, Hyndman, Kourentzes and Petropoulos 2017, doi:10.1016/j.ejor.2017.02.046).
	WLSStructural Weighting = "structural"
	// OLS takes all variances to be equal
	// (Hyndman, Ahmed, Athanasopoulos and Shang 2011, doi:10.1016/j.csda.2011.03.006).
	OLS Weighting = "ols"
	// WLSVariance takes the mean of a node's squared past errors
	// (Hyndman, Lee and Wang 2016, doi:10.1016/j.csda.2015.11.007).
	WLSVariance Weighting = "variance"
	// MinTShrink takes the covariances of past errors as well, shrunk towards none: the minimum trace
	// reconciliation of Wickramasuriya, Athanasopoulos and Hyndman (2019, doi:10.1080/01621459.2018.1448825).
	// It is the most accurate if there are some dozen past errors.
	MinTShrink Weighting = "mint"
)

// ReconcileOptions are the options of [Tree.Reconcile].
type ReconcileOptions struct {
	// Weighting is how far a node's forecast is trusted; the zero value stands for [WLSStructural].
	Weighting Weighting `json:"weighting,omitempty"`
	// Errors are past one-step errors for each node, at the same times for all: those of [Backtest], or residuals. Needed
	// by WLSVariance, 1 or more, and by MinTShrink, 2 to 2,000; not allowed otherwise.
	Errors map[string][]float64 `json:"errors,omitempty"`
	// NonNegative asks for the nearest values that are coherent and have no leaf below zero (Wickramasuriya, Turlach and
	// Hyndman 2020, doi:10.1007/s11222-020-09930-0), nearest as W measures it.
	NonNegative bool `json:"nonNegative,omitempty"`
}

// Reconciled is the result of [Tree.Reconcile].
type Reconciled struct {
	// Values are the coherent forecasts of all nodes: those of a node with children are the sums of theirs, bit by bit.
	Values map[string][]float64 `json:"values"`
	// Shrinkage is the share, from 0.0001 to 1, to which MinTShrink shrinks correlations to zero: the λ of Schäfer and
	// Strimmer (2005). 0 with other weightings.
	Shrinkage float64 `json:"shrinkage,omitempty"`
	// Pivots counts the rounds by which NonNegative found which leaves are zero, for all steps together. 0 if no leaf
	// was below zero.
	Pivots int `json:"pivots,omitempty"`
}

// Reconcile makes base forecasts of all nodes coherent: of all forecasts that add up it returns those nearest to base,
// S(SᵀW⁻¹S)⁻¹SᵀW⁻¹ base, with S the sums of the tree and W by o.Weighting. Base forecasts that add up come back unchanged
// but for rounding. Forecasts may come from any source and method, also from people.
//
// No matrix is made: with a diagonal W two passes over the tree solve it, O(n) for each step, and MinTShrink solves a
// system as large as the number T of past errors besides (Woodbury's identity), O(nT²). W is always positive definite:
// the shrinkage is at least 0.0001, and a standard deviation at least 1e-10 of the largest; so a node without past
// errors practically keeps its forecast. If no node has had an error, the variances are those of WLSStructural.
//
// NonNegative repeats this for each step with a negative leaf, ten times or less as a rule (block principal pivoting,
// Portugal, Júdice and Vicente 1994, doi:10.1090/S0025-5718-1994-1250776-4). After 1,000 rounds, which have not been seen, it sets to zero the leaves still negative.
//
// Reconcile returns an error ([ErrInput], all faults together, except as said) if:
//   - the tree has no nodes
//   - base, or Errors if needed, lacks a node, or has an ID that is not in the tree
//   - series of one map differ in length, or have a value that is NaN or infinite
//   - Errors are too few ([ErrTooShort]) or too many, or given where they are not needed
//   - Weighting is none of the constants
//   - a sum overflows
func (t Tree) Reconcile(base map[string][]float64, o ReconcileOptions) (Reconciled, error) {
	all := func(int) bool { return true }
	b, h, err := t.gather("base", base, all)
	if err != nil {
		return Reconciled{}, err
	}
	r := reconciler{Tree: t}
	if err := r.weigh(o); err != nil {
		return Reconciled{}, err
	}
	x, pivots := r.reconcile(b, h, o.NonNegative)
	t.sum(x, h)
	values, err := t.scatter(x, h)
	if err != nil {
		return Reconciled{}, err
	}
	return Reconciled{Values: values, Shrinkage: r.lambda, Pivots: pivots}, nil
}

// weigh sets the covariance W = diag(w) + u uᵀ.
func (r *reconciler) weigh(o ReconcileOptions) error {
	n := len(r.ids)
	r.w = make([]float64, n)
	switch o.Weighting {
	case WLSStructural, OLS, "":
		if o.Errors != nil {
			return invalid("errors", "", "must not be there with weighting "+string(o.Weighting)+"; did you mean WLSVariance or MinTShrink?")
		}
		r.structural(o.Weighting == OLS)
		return nil
	case WLSVariance, MinTShrink:
	default:
		return invalid("weighting", brief(string(o.Weighting)), "must be WLSStructural, OLS, WLSVariance or MinTShrink")
	}
	e, size, err := r.gather("errors", o.Errors, func(int) bool { return true })
	if err != nil {
		return err
	}
	need, most := 1, 1<<27/n
	if o.Weighting == MinTShrink {
		need, most = 2, 2_000
	}
	switch {
	case size < need:
		return &Error{
			Path: "errors", Need: need, Have: size, Err: ErrTooShort,
			Msg: "must be " + strconv.Itoa(need) + " or more for each node, there are " + strconv.Itoa(size),
		}
	case size > most:
		return invalid("errors", strconv.Itoa(size)+" values", "must be "+strconv.Itoa(most)+" or less for each node; take the latest")
	}
	sd := deviations(e, n, size)
	if sd == nil {
		r.structural(false)
		return nil
	}
	for i, s := range sd {
		r.w[i] = float64(s * s)
	}
	if o.Weighting == MinTShrink {
		r.shrink(e, sd, size)
	}
	return nil
}

// structural sets variances that need no past errors.
func (r *reconciler) structural(equal bool) {
	for i := range r.w {
		if r.count[i] == 0 || equal {
			r.w[i] = 1
		}
	}
	if !equal {
		r.sum(r.w, 1)
	}
}

// deviations divides the errors e of n nodes by the largest, so that no square overflows, and returns the root of
// the mean square of each node, at least 1e-10 of the largest; nil if all are zero.
func deviations(e []float64, n, size int) []float64 {
	largest := 0.0
	for _, v := range e {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return nil
	}
	for i := range e {
		e[i] /= largest
	}
	sd, most := make([]float64, n), 0.0
	for i := range sd {
		sum := 0.0
		for _, v := range e[i*size : (i+1)*size] {
			sum += float64(v * v)
		}
		sd[i] = math.Sqrt(sum / float64(size))
		most = max(most, sd[i])
	}
	for i := range sd {
		sd[i] = max(sd[i], 1e-10*most)
	}
	return sd
}

// shrink makes w and u of W = λ diag(sd²) + (1-λ) e eᵀ/T, with the λ that Schäfer and Strimmer (2005,
// doi:10.2202/1544-6115.1175) estimate for correlations: the sum of the variances of all correlations
// of two nodes over the sum of their squares. With z the standardised errors and R = z zᵀ/T, both sums over all pairs come from the
// T by T matrix zᵀz: Σ R² = Σ (zᵀz)²/T², and Σ Var R = (Σ_t |z_t|⁴ - T Σ R²)/(T(T-1)).
func (r *reconciler) shrink(e, sd []float64, size int) {
	n, T := len(sd), float64(size)
	gram := make([]float64, size*size)
	z := make([]float64, size)
	fourths, squares := 0.0, 0.0 // of the pairs of a node with itself
	for i := range n {
		own := 0.0
		for s := range z {
			z[s] = e[i*size+s] / sd[i]
			v := float64(z[s] * z[s])
			fourths += float64(v * v)
			own += v
		}
		squares += float64(own / T * own / T)
		for s, v := range z {
			for q := range s + 1 {
				gram[s*size+q] += float64(v * z[q])
			}
		}
	}
	allSquares, allFourths := 0.0, 0.0
	for s := range size {
		v := gram[s*size+s]
		allFourths += float64(v * v)
		allSquares += float64(v * v)
		for q := range s {
			v := gram[s*size+q]
			allSquares += 2 * float64(v*v)
		}
	}
	allSquares = allSquares/T/T - squares
	variances := (allFourths - fourths - float64(T*allSquares)) / (T * (T - 1))
	r.lambda = 1
	if allSquares > 0 {
		r.lambda = min(max(variances/allSquares, 1e-4), 1)
	}
	r.rank, r.u = size, e
	scale := math.Sqrt((1 - r.lambda) / T)
	for i := range e {
		e[i] *= scale
	}
	for i := range r.w {
		r.w[i] *= r.lambda
	}
}

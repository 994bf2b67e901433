package forecast

import (
	"math"
	"strconv"
)

// Platt is a calibration with two parameters: a score p becomes
//
//	1 / (1 + exp(A logit(p) + B))    with logit(p) = ln(p / (1-p))
//
// A = -1 and B = 0 leave scores as they are; A between -1 and 0 draws them together (they were overconfident), A below -1
// spreads them (they were timid), B below 0 raises them all. A above 0 means that higher scores won less. The zero Platt, which
// was not fitted, gives 0.5 to every score.
type Platt struct {
	// A is the factor of the logit.
	A float64 `json:"a"`
	// B is the shift.
	B float64 `json:"b"`
	// Converged reports whether the fit reached its optimum. It is false only for scores so extreme that rounding errors
	// stop the search; A and B are then the best that was found.
	Converged bool `json:"converged"`
	// Iterations is how many Newton steps were made.
	Iterations int `json:"iterations"`
}

// FitPlatt learns Platt's calibration from scores and what became of the deals, by maximum likelihood (Platt 1999,
// Probabilistic outputs for support vector machines; by Newton's method with backtracking as in Lin, Lin and Weng 2007,
// https://doi.org/10.1007/s10994-007-5018-6). The outcomes count as Platt's targets (W+1)/(W+2) for each of W deals won and
// 1/(L+2) for each of L lost, instead of 1 and 0: this keeps the fit finite when the scores separate won from lost.
// It acts on the logit of the score, so that probabilities that are right already are left alone. O(n) a step.
//
// FitPlatt returns an error if:
//   - p and won have unequal lengths, or a score is not between 0 and 1 ([ErrInput])
//   - there are no deals, a score is 0 or 1, which have no logit, or all scores are equal ([ErrUndefined])
func FitPlatt(p []float64, won []bool) (Platt, error) {
	if err := checkScored(p, won); err != nil {
		return Platt{}, err
	}
	var f faults
	for i, v := range p {
		if v == 0 || v == 1 {
			f.add(ErrUndefined, "", "p/"+strconv.Itoa(i), floatText(v), "has no logit; give scores above 0 and below 1, or use FitIsotonic")
		}
	}
	if err := f.err(); err != nil {
		return Platt{}, err
	}
	fit := plattFit{x: make([]float64, len(p)), won: won}
	center, scale := fit.standardize(p)
	if scale == 0 {
		return Platt{}, &Error{Path: "p", Value: floatText(p[0]), Msg: "is the score of every deal; two different ones are needed", Err: ErrUndefined}
	}
	w := count(won)
	fit.high = float64(w+1) / float64(w+2)
	fit.low = 1 / float64(len(won)-w+2)
	out := fit.run(math.Log(float64(len(won)-w+1) / float64(w+1)))
	out.A /= scale
	out.B -= float64(out.A * center)
	return out, nil
}

// Apply returns the calibrated probability of a score. Scores of 0 and 1 stand for their limits: they stay 0 and 1 for a
// negative A, and change places for a positive one.
//
// Apply returns an error ([ErrInput]) if p is not between 0 and 1, or if A or B is not finite, as they are when fitted.
func (c Platt) Apply(p float64) (float64, error) {
	if err := checkScore(p); err != nil {
		return 0, err
	}
	if math.IsNaN(c.A-c.A) || math.IsNaN(c.B-c.B) {
		return 0, &Error{Path: "a", Value: floatText(c.A) + ", " + floatText(c.B), Msg: "must be finite, and so must b", Err: ErrInput}
	}
	x := 0.0
	if c.A != 0 { // else it is 0 × ∞ at the ends
		x = float64(c.A * logit(p))
	}
	return sigmoid(-x - c.B), nil
}

// plattFit is the data of a fit: standardised logits, and the targets of deals won and lost.
type plattFit struct {
	x         []float64
	won       []bool
	high, low float64
}

// standardize sets x to the logits of p, less their mean and over their standard deviation, which it returns. Newton's
// method does not depend on it, but its rounding errors do.
func (f *plattFit) standardize(p []float64) (mean, sd float64) {
	var sum, squares compensated
	same := true
	for i, v := range p {
		f.x[i] = logit(v)
		sum.add(f.x[i])
		same = same && v == p[0]
	}
	mean = sum.value() / float64(len(p))
	for i := range f.x {
		f.x[i] -= mean
		squares.add(square(f.x[i]))
	}
	sd = math.Sqrt(squares.value() / float64(len(p)))
	if same || sd == 0 {
		return mean, 0
	}
	for i := range f.x {
		f.x[i] /= sd
	}
	return mean, sd
}

// run minimises the loss from a = 0 and the given b.
func (f *plattFit) run(b float64) Platt {
	const most = 100
	at := Platt{B: b}
	loss := f.loss(at.A, at.B)
	for at.Iterations < most {
		ga, gb, haa, hab, hbb := f.slope(at.A, at.B)
		det := float64(haa*hbb) - float64(hab*hab)
		da := -(float64(hbb*ga) - float64(hab*gb)) / det
		db := -(float64(haa*gb) - float64(hab*ga)) / det
		if math.IsNaN(da-da) || math.IsNaN(db-db) {
			return at // det is 0
		}
		at.Iterations++
		// The step is the distance to the optimum when it is small: far below what the loss can tell.
		if math.Abs(da) <= 1e-13*(1+math.Abs(at.A)) && math.Abs(db) <= 1e-13*(1+math.Abs(at.B)) {
			at.Converged = true
			return at
		}
		fall := float64(ga*da) + float64(gb*db)
		step, ok := 1.0, false
		for range 60 {
			a, b := at.A+float64(step*da), at.B+float64(step*db)
			// Close to the optimum, rounding errors hide the fall of the loss: they are allowed for.
			if l := f.loss(a, b); l <= loss+float64(1e-4*step*fall)+float64(1e-14*math.Abs(loss)) {
				at.A, at.B, loss, ok = a, b, l, true
				break
			}
			step /= 2
		}
		if !ok {
			return at
		}
	}
	return at
}

// loss is the negative log likelihood.
func (f *plattFit) loss(a, b float64) float64 {
	var sum compensated
	for i, x := range f.x {
		v := float64(a*x) + b
		// -t ln(s) - (1-t) ln(1-s) for s = 1/(1+exp(v)) is t v + ln(1+exp(-v)).
		if v >= 0 {
			sum.add(float64(f.target(i)*v) + math.Log1p(math.Exp(-v)))
		} else {
			sum.add(float64((f.target(i)-1)*v) + math.Log1p(math.Exp(v)))
		}
	}
	return sum.value()
}

// slope is the gradient and the Hessian of the loss.
func (f *plattFit) slope(a, b float64) (ga, gb, haa, hab, hbb float64) {
	var sga, sgb, shaa, shab, shbb compensated
	for i, x := range f.x {
		s := sigmoid(-float64(a*x) - b)
		g := f.target(i) - s
		h := float64(s * (1 - s))
		sga.add(float64(g * x))
		sgb.add(g)
		shaa.add(float64(h * square(x)))
		shab.add(float64(h * x))
		shbb.add(h)
	}
	return sga.value(), sgb.value(), shaa.value(), shab.value(), shbb.value()
}

func (f *plattFit) target(i int) float64 {
	if f.won[i] {
		return f.high
	}
	return f.low
}

func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// sigmoid is 1/(1+exp(-x)).
func sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

package forecast

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/salesops-go/salesops/internal/exact"
)

// recordSpread is what the records of the reps say about themselves and each other.
type recordSpread struct {
	reps   []record
	called exact.Num // of all reps
	actual exact.Num
	rated  int     // reps with a ratio
	free   int     // degrees of freedom of within
	within float64 // variance of a log factor from one period
}

// record is the record of one rep.
type record struct {
	by             string
	called, actual exact.Num
	pairs          [][2]exact.Num // called and actual, by period
	rated          bool           // there is a ratio
	log            float64        // its logarithm
}

// newSpread gathers the records, in alphabetical order.
func newSpread(m *matches, o BiasOptions) *recordSpread {
	s := &recordSpread{}
	for _, i := range m.order {
		call, _ := m.standing(i, o.WeeksOut)
		if call == nil {
			continue
		}
		if n := len(s.reps); n == 0 || s.reps[n-1].by != call.By {
			s.reps = append(s.reps, record{by: call.By})
		}
		r := &s.reps[len(s.reps)-1]
		called, actual := exact.From(call.Amount), exact.From(m.outcomes[i].Amount)
		r.pairs = append(r.pairs, [2]exact.Num{called, actual})
		r.called, r.actual = r.called.Add(called), r.actual.Add(actual)
		s.called, s.actual = s.called.Add(called), s.actual.Add(actual)
	}
	var squares float64
	for i := range s.reps {
		r := &s.reps[i]
		if r.called.Sign() <= 0 || r.actual.Sign() <= 0 {
			continue
		}
		r.rated = true
		s.rated++
		s.free += len(r.pairs) - 1
		whole := floatOf(r.actual)
		ratio := whole / floatOf(r.called)
		r.log = math.Log(ratio)
		if len(r.pairs) == 1 {
			continue // its one residual is 0
		}
		for _, p := range r.pairs {
			u := float64(len(r.pairs)) * (floatOf(p[1]) - float64(ratio*floatOf(p[0]))) / whole
			squares += float64(u * u)
		}
	}
	if s.free > 0 {
		s.within = squares / float64(s.free)
	}
	return s
}

// floatOf is where sums of money become floating-point numbers.
func floatOf(n exact.Num) float64 {
	v, _ := n.Decimal().Float64()
	return v
}

// check tells why there is nothing to fit.
func (s *recordSpread) check(o BiasOptions) error {
	undefined := func(path, msg string) error { return &Error{Path: path, Msg: msg, Err: ErrUndefined} }
	switch {
	case s.rated == 0:
		return undefined("calls", "must hold a rep whose calls and outcomes both sum to more than 0")
	case !o.Neutral && (s.called.Sign() <= 0 || s.actual.Sign() <= 0):
		return undefined("calls", "must sum to more than 0 over the team, and so must the outcomes")
	case o.C > 0:
		return nil
	case s.rated < 2 && !o.Neutral:
		return undefined("c", "cannot be estimated from one rep; give it, 4 say")
	case s.free == 0:
		return undefined("c", "cannot be estimated when no rep has two periods; give it, 4 say")
	}
	return nil
}

// between estimates the variance of the true log factors around the team's.
func (s *recordSpread) between(neutral bool) float64 {
	var n, n2, mean float64
	for _, r := range s.reps {
		if r.rated {
			k := float64(len(r.pairs))
			n, n2, mean = n+k, n2+float64(k*k), mean+float64(k*r.log)
		}
	}
	mean /= n
	chance, scale := s.within*float64(s.rated-1), n-n2/n
	if neutral {
		mean, chance, scale = 0, s.within*float64(s.rated), n
	}
	var q float64
	for _, r := range s.reps {
		if r.rated {
			e := r.log - mean
			q += float64(float64(len(r.pairs)) * float64(e*e))
		}
	}
	return max(0, (q-chance)/scale)
}

// center returns the logarithm that factors are drawn towards, and its variance. The team's ratio varies because periods do
// and because reps do; the larger of the two estimates is taken, as either is too small when the other matters.
func (s *recordSpread) center(neutral bool) (mean, variance float64) {
	if neutral {
		return 0, 0
	}
	whole := floatOf(s.actual)
	ratio := whole / floatOf(s.called)
	off := func(called, actual exact.Num) float64 {
		return square((floatOf(actual) - float64(ratio*floatOf(called))) / whole)
	}
	var reps, periods float64
	n := 0
	for _, r := range s.reps {
		reps += off(r.called, r.actual)
		for _, p := range r.pairs {
			periods += off(p[0], p[1])
		}
		n += len(r.pairs)
	}
	return math.Log(ratio), max(unbiased(reps, len(s.reps)), unbiased(periods, n))
}

// unbiased makes the variance of a mean of n out of a sum of squares; one alone has none.
func unbiased(squares float64, n int) float64 {
	if n < 2 {
		return 0
	}
	return float64(squares * float64(n) / float64(n-1))
}

// fit makes the factors.
func (s *recordSpread) fit(o BiasOptions) CallBias {
	mean, doubt := s.center(o.Neutral)
	out := CallBias{Factor: math.Exp(mean), Reps: make([]RepBias, 0, len(s.reps))}
	if within := s.within; s.free > 0 {
		out.Within = &within
	}
	c := o.C
	if c == 0 {
		c = s.within / s.between(o.Neutral) // infinite, or 0/0, when nothing is left between the reps
	}
	if !math.IsNaN(c) && !math.IsInf(c, 0) {
		out.C = &c
	}
	learned := 0.0 // what the weights add to the variance by being estimated
	if o.C == 0 {
		learned = 2 / float64(s.rated-1)
		if o.Neutral {
			learned = 2 / float64(s.rated)
		}
	}
	times := 0.0 // standard deviations in the range
	if s.free > 0 {
		level := o.Level
		if level == 0 {
			level = 0.9
		}
		times = distuv.StudentsT{Sigma: 1, Nu: float64(s.free)}.Quantile((1 + level) / 2)
	}
	for _, r := range s.reps {
		b := RepBias{By: r.by, Periods: len(r.pairs), Called: r.called.Decimal(), Actual: r.actual.Decimal(), Factor: out.Factor}
		if r.rated {
			ratio := quotient(r.actual, r.called)
			b.Ratio = &ratio
			k := float64(len(r.pairs))
			if out.C != nil {
				b.Weight = k / (k + *out.C)
			}
			log := mean + float64(b.Weight*(r.log-mean))
			b.Factor = math.Exp(log)
			if s.free > 0 {
				rest := square(1 - b.Weight)
				reach := times * math.Sqrt(float64(b.Weight*s.within/k)+float64(rest*doubt)+float64(rest*learned*square(r.log-mean)))
				b.within(math.Exp(log-reach), math.Exp(log+reach))
			}
		}
		out.Reps = append(out.Reps, b)
	}
	return out
}

// within sets the range, unless it has no end, and reads it.
func (b *RepBias) within(low, high float64) {
	if math.IsNaN(low) || math.IsNaN(high) || math.IsInf(high, 0) {
		return
	}
	b.Low, b.High = &low, &high
	switch {
	case low > 1:
		b.Leaning = Sandbagger
	case high < 1:
		b.Leaning = HappyEars
	}
}

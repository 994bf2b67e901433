package lifetime

import "math"

// Scale is where a confidence interval reaches equally far to both sides of the estimate.
type Scale uint8

// The scales, of a probability p.
const (
	LogLog Scale = iota // log(-log p)
	Log                 // log p
	Plain               // p
	Logit               // log(p/(1-p))
	Arcsin              // arcsin √p
)

// Z returns the factor of the standard error to which a normal variable reaches to both sides with that probability, between
// 0 and 1: 1.96 for 0.95.
func Z(level float64) float64 { return float64(math.Sqrt2 * math.Erfinv(level)) }

// Share returns the confidence limits of a probability, from its standard error by the delta method (Kalbfleisch and Prentice
// 2002, section 1.4; for arcsin Nair 1984, doi:10.2307/1267553). Limits are within [0, 1], and the estimate is between them.
// There are none if the estimate is 0 or 1, as there is no standard error then.
func (s Scale) Share(p, se, z float64) (lo, hi float64, ok bool) {
	if !(p > 0 && p < 1 && se > 0) {
		return 0, 0, false
	}
	reach := float64(z * se) // of p
	switch s {
	case Log:
		reach /= p
		lo, hi = p*math.Exp(-reach), p*math.Exp(reach)
	case Plain:
		lo, hi = p-reach, p+reach
	case Logit:
		odds := p / (1 - p)
		reach = math.Exp(reach / p / (1 - p))
		lo, hi = odds/(odds+reach), 1-1/(1+float64(odds*reach))
	case Arcsin:
		angle := math.Asin(math.Sqrt(p))
		reach /= 2 * math.Sqrt(float64(p*(1-p)))
		lo, hi = math.Sin(max(angle-reach, 0)), math.Sin(min(angle+reach, math.Pi/2))
		lo, hi = lo*lo, hi*hi
	default:
		log := math.Log(p)
		reach = math.Exp(reach / p / -log)
		lo, hi = math.Exp(log*reach), math.Exp(log/reach)
	}
	return max(min(lo, p), 0), min(max(hi, p), 1), true
}

// Hazard returns the confidence limits of a cumulative hazard h: minus the logarithms of those of exp(-h), on the scales
// [LogLog], which is log h, and [Log], which is h itself. The others have no finite limits; ok is false for them, and if h
// is 0.
func (s Scale) Hazard(h, se, z float64) (lo, hi float64, ok bool) {
	if !(h > 0 && se > 0) {
		return 0, 0, false
	}
	reach := float64(z * se)
	switch s {
	case LogLog:
		reach = math.Exp(reach / h)
		lo, hi = h/reach, h*reach
	case Log:
		lo, hi = h-reach, h+reach
	default:
		return 0, 0, false
	}
	return max(min(lo, h), 0), max(hi, h), hi <= math.MaxFloat64
}

package funnel

import (
	"strconv"

	"github.com/salesops-go/salesops/internal/lifetime"
)

// CI says which confidence intervals are wanted. The zero value asks for 95 % by [CILogLog].
type CI struct {
	// Level is the share of samples in which such an interval holds the truth, between 0 and 1; 0 stands for 0.95.
	Level float64 `json:"level,omitzero"`
	// Method is how limits are made of a standard error; "" stands for CILogLog.
	Method CIMethod `json:"method,omitzero"`
}

// CIMethod is how confidence limits are made of a standard error: on which scale they lie equally far from the estimate. All
// agree where there are many spells; where there are few, [CILogLog] and [CIArcsin] keep closest to the level (Borgan and Liestøl 1990).
type CIMethod string

// The methods, for a probability p with standard error s, and z from the level, such as 1.96. None leaves [0, 1].
const (
	CILogLog CIMethod = "loglog" // p^exp(± z s/(p log p)), the default
	CILog    CIMethod = "log"    // p exp(± z s/p)
	CIPlain  CIMethod = "plain"  // p ± z s
	CILogit  CIMethod = "logit"  // ± z s/(p(1-p)) on the scale of log(p/(1-p))
	CIArcsin CIMethod = "arcsin" // ± z s/(2 √(p(1-p))) on the scale of arcsin √p
)

// limits makes confidence limits as a CI asks for.
type limits struct {
	ci    CI // with nothing left to default
	scale lifetime.Scale
	z     float64
}

// limits checks the CI.
func (ci CI) limits() (limits, error) {
	var f faults
	out := limits{ci: ci}
	switch ci.Method {
	case "", CILogLog:
		out.ci.Method, out.scale = CILogLog, lifetime.LogLog
	case CILog:
		out.scale = lifetime.Log
	case CIPlain:
		out.scale = lifetime.Plain
	case CILogit:
		out.scale = lifetime.Logit
	case CIArcsin:
		out.scale = lifetime.Arcsin
	default:
		f.add(ErrInput, "", "ci/method", string(ci.Method), `is not a method: use "loglog", "log", "plain", "logit" or "arcsin"`)
	}
	switch {
	case ci.Level == 0:
		out.ci.Level = 0.95
	case !(ci.Level > 0 && ci.Level < 1):
		f.add(ErrInput, "", "ci/level", strconv.FormatFloat(ci.Level, 'g', -1, 64), "must be between 0 and 1, such as 0.95")
	}
	out.z = lifetime.Z(out.ci.Level)
	return out, f.err()
}

package funnel

import "strconv"

// Cause is what a [Finding] is about.
type Cause string

// The causes.
const (
	CauseConversion Cause = "conversion" // fewer visits of the stage end with an advance or a win
	CauseTime       Cause = "time"       // visits of the stage last longer
	CauseRework     Cause = "rework"     // more visits of the stage are not the first of their deal
)

// Finding compares one stage with the baseline in one respect. [Bottlenecks] makes them. Every figure follows from the others:
//
//	conversion  LostWins  = Visits × (baseline - current) × Each
//	time        ExtraTime = Visits × (current - baseline)
//	rework      ExtraTime = Visits × (current - baseline) × Each
type Finding struct {
	// Stage is the key of the stage.
	Stage string `json:"stage"`
	// Cause is what is compared.
	Cause Cause `json:"cause"`
	// Verdict is Worse or Better; or Unclear or TooFew, and then Reason says why the finding is not one to act upon.
	Verdict Verdict `json:"verdict"`
	// Reason says why Verdict is Unclear or TooFew; "" otherwise.
	Reason string `json:"reason,omitempty"`
	// Horizon is up to how many ticks from the start of a visit is compared; 0 for rework.
	Horizon int `json:"horizon,omitempty"`
	// Current is the figure of the flow that is looked at; nil if it has none.
	Current *StageFigure `json:"current,omitempty"`
	// Baseline is the figure of the baseline; nil if it has none.
	Baseline *StageFigure `json:"baseline,omitempty"`
	// Effect is the difference, and what it comes to; nil if Verdict is TooFew.
	Effect *Effect `json:"effect,omitempty"`
}

// StageFigure is one figure of a stage: of conversion, the share of visits that ended with an advance or a win by the horizon; of
// time, how many of the horizon's ticks a visit lasts on average; of rework, the share of visits that were not the
// first of their deal to the stage.
type StageFigure struct {
	// Value is the figure.
	Value float64 `json:"value"`
	// Interval is where the true figure lies; nil if that is not known.
	Interval *Interval `json:"interval,omitempty"`
	// Visits is how many visits there were; those that ended before the view's Since are left out, but for rework.
	Visits int64 `json:"visits"`
	// Trials is how much was seen: of conversion, how many visits seen to the end would say as much; of time, how many
	// visits ended by the horizon; of rework, Visits.
	Trials float64 `json:"trials"`
}

// Effect is what a difference from the baseline comes to.
type Effect struct {
	// Comparison is the current figure less that of the baseline.
	Comparison
	// Each is what one visit more or less counts: of conversion, by how much an advance raises the chance that the deal is won;
	// of rework, the ticks that a visit takes; of time, 1.
	Each float64 `json:"each"`
	// LostWins is how many more deals would have been won had the stage converted like the baseline; negative if fewer. It is 0
	// for other causes than conversion.
	LostWins float64 `json:"lostWins,omitempty"`
	// ExtraTime is how many ticks fewer the visits would have taken altogether, had the stage been like the baseline; negative
	// if more. It is 0 for conversion.
	ExtraTime float64 `json:"extraTime,omitempty"`
}

// loss returns what the difference costs, in wins or ticks.
func (e *Effect) loss() float64 { return e.LostWins + e.ExtraTime }

// String tells the finding in a sentence, with its figures.
func (f Finding) String() string {
	text := f.Stage + ", " + string(f.Cause) + ": "
	if f.Effect == nil || f.Current == nil || f.Baseline == nil {
		return text + f.Reason
	}
	now, before := f.Current.Value, f.Baseline.Value
	switch f.Cause {
	case CauseTime:
		text += "a visit takes " + fixed(now, 1) + " of the first " + strconv.Itoa(f.Horizon) + " ticks, " + fixed(before, 1)
	case CauseRework:
		text += percent(now) + " of visits are repeated, " + percent(before)
	default:
		text += percent(now) + " of visits go on within " + strconv.Itoa(f.Horizon) + " ticks, " + percent(before)
	}
	text += " in the baseline; "
	of, unit := f.Effect.LostWins, " wins"
	if f.Cause != CauseConversion {
		of, unit = f.Effect.ExtraTime, " ticks"
	}
	if of < 0 {
		text += fixed(-of, 1) + unit + " gained"
	} else {
		text += fixed(of, 1) + unit + " lost"
	}
	text += " in " + strconv.FormatInt(f.Current.Visits, 10) + " visits (adjusted p " + pText(f.Effect.AdjustedP) + ")"
	if f.Reason != "" {
		text += "; " + string(f.Verdict) + ": " + f.Reason
	}
	return text
}

// pText returns a p-value as text.
func pText(p float64) string {
	if p < 0.001 {
		return "below 0.001"
	}
	return fixed(p, 3)
}

func percent(v float64) string { return fixed(100*v, 1) + " %" }

func fixed(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }

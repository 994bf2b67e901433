package series

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Figure is a number that may have no value for the data at hand. In JSON it is {"value": 1.5}, or {"value": null, "undefined": "…"}.
type Figure struct {
	// Value is the number, 0 if it is undefined.
	Value float64 `json:"value"`
	// Undefined says why there is no value; empty if there is one.
	Undefined string `json:"undefined,omitempty"`
}

// OK reports whether the figure has a value.
func (f Figure) OK() bool { return f.Undefined == "" }

// Text returns the value with the given number of digits after the point, or "-" if it is undefined.
func (f Figure) Text(digits int) string {
	if !f.OK() {
		return "-"
	}
	return strconv.FormatFloat(f.Value, 'f', min(max(digits, 0), 300), 64)
}

// MarshalJSON encodes the figure, with null for a value that is undefined.
func (f Figure) MarshalJSON() ([]byte, error) {
	if f.OK() {
		return json.Marshal(struct {
			Value float64 `json:"value"`
		}{f.Value})
	}
	return json.Marshal(struct {
		Value     *float64 `json:"value"`
		Undefined string   `json:"undefined"`
	}{nil, f.Undefined})
}

// figureOf returns the figure of a metric's result.
func figureOf(v float64, err error) Figure {
	if err != nil {
		return Figure{Undefined: strings.TrimPrefix(err.Error(), "series: ")}
	}
	return Figure{Value: v}
}

// Report holds the metrics of one forecast of one series. Those without a value say why; they do not spoil the others.
type Report struct {
	N         int              `json:"n"`                   // N is the number of periods compared.
	ME        Figure           `json:"me"`                  // ME is the mean error, positive for a forecast that is too low; see [ME].
	Bias      Figure           `json:"bias"`                // Bias is the bias of the total in per cent, positive for a forecast that is too high; see [Bias].
	MAE       Figure           `json:"mae"`                 // MAE is the mean absolute error; see [MAE].
	RMSE      Figure           `json:"rmse"`                // RMSE is the root mean squared error; see [RMSE].
	WAPE      Figure           `json:"wape"`                // WAPE is the misjudged share of the volume in per cent; see [WAPE].
	MAPE      Figure           `json:"mape"`                // MAPE is the mean absolute percentage error; see [MAPE].
	MPE       Figure           `json:"mpe"`                 // MPE is the mean percentage error; see [MPE].
	SMAPE     Figure           `json:"smape"`               // SMAPE is the symmetric one, from 0 to 200; see [SMAPE].
	MASE      Figure           `json:"mase"`                // MASE is the mean absolute scaled error; see [MASE].
	RMSSE     Figure           `json:"rmsse"`               // RMSSE is the root mean squared scaled error; see [RMSSE].
	TheilU2   Figure           `json:"theilU2"`             // TheilU2 is Theil's coefficient, of the periods after the first; see [TheilU2].
	ACF1      Figure           `json:"acf1"`                // ACF1 is the autocorrelation of the errors at lag 1; see [ACF].
	Intervals []IntervalReport `json:"intervals,omitempty"` // Intervals are the scores of the intervals, in the order given.
}

// IntervalReport holds the scores of the intervals of one level.
type IntervalReport struct {
	Level    float64 `json:"level"`    // Level is the share of actuals that should be inside.
	Coverage Figure  `json:"coverage"` // Coverage is the share that is; see [Coverage].
	Winkler  Figure  `json:"winkler"`  // Winkler is the interval score; see [Winkler].
	MSIS     Figure  `json:"msis"`     // MSIS is the scaled interval score; see [MSIS].
}

// Measure returns all metrics of a forecast. train is what came before the actuals, of which MASE, RMSSE and MSIS take their scale; it may be nil, and
// they are undefined then. m is the number of periods in a season, 1 for data without one.
//
// Measure returns an error ([ErrInput]) if the series differ in length, a value is NaN or infinite, m is below 1, or an interval is
// none, as [Coverage] says. What has no value for the data is not an error but a [Figure] that says so: of empty series, all of them.
func Measure(train, actual, forecast []float64, m int, intervals ...Interval) (Report, error) {
	if err := checkCase(train, actual, forecast, m, intervals); err != nil {
		return Report{}, err
	}
	errs := make([]float64, len(actual))
	for t, a := range actual {
		errs[t] = a - forecast[t]
	}
	r := Report{
		N:       len(actual),
		ME:      figureOf(ME(actual, forecast)),
		Bias:    figureOf(Bias(actual, forecast)),
		MAE:     figureOf(MAE(actual, forecast)),
		RMSE:    figureOf(RMSE(actual, forecast)),
		WAPE:    figureOf(WAPE(actual, forecast)),
		MAPE:    figureOf(MAPE(actual, forecast)),
		MPE:     figureOf(MPE(actual, forecast)),
		SMAPE:   figureOf(SMAPE(actual, forecast)),
		MASE:    figureOf(MASE(train, actual, forecast, m)),
		RMSSE:   figureOf(RMSSE(train, actual, forecast, m)),
		TheilU2: figureOf(TheilU2(actual, forecast)),
	}
	if acf, err := ACF(errs, 1); err != nil {
		r.ACF1 = figureOf(0, err)
	} else {
		r.ACF1 = Figure{Value: acf[0]}
	}
	for _, in := range intervals {
		r.Intervals = append(r.Intervals, IntervalReport{
			Level:    in.Level,
			Coverage: figureOf(Coverage(actual, in)),
			Winkler:  figureOf(Winkler(actual, in)),
			MSIS:     figureOf(MSIS(train, actual, in, m)),
		})
	}
	return r, nil
}

// checkCase checks all that is measured together; empty series are not at fault.
func checkCase(train, actual, forecast []float64, m int, intervals []Interval) error {
	if err := checkSeason(m); err != nil {
		return err
	}
	if err := checkFinite("train", train); err != nil {
		return err
	}
	if err := checkPair(actual, forecast); err != nil && !errors.Is(err, ErrUndefined) {
		return err
	}
	for i, in := range intervals {
		if err := checkInterval(actual, in); err != nil && !errors.Is(err, ErrUndefined) {
			return within("intervals/"+strconv.Itoa(i), err)
		}
	}
	return nil
}

// within returns err with a path in front of its own.
func within(path string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	inner := *e
	inner.Path = strings.TrimSuffix(path+"/"+e.Path, "/")
	return &inner
}

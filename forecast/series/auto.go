package series

import (
	"math"
	"slices"
	"strconv"
)

// Auto returns a method for those who do not want to choose. It looks at the length of the series, its zeros, and its season
// of m periods (1 for data without), and forecasts as has been best for series of that kind. Fit.Why says in plain
// sentences what it found and took. Its rules, in this order:
//
//   - Zeros at the beginning are left out, if so many would come by chance once in 20 times at most, given how often the
//     values after the first sale are zero: what was not sold yet.
//   - A series of one value over and over is forecast to go on so.
//   - Rare demand, with no value below zero, more than 1.32 periods on average to a sale, and no season that shows, is
//     forecast by [SBA]; by [TSB] if so many zeros come last that sales have ended, by the same test, and then the periods
//     are counted up to the last sale. Syntetos, Boylan and Croston (2005, doi:10.1057/palgrave.jors.2601841) found this
//     limit. Both smooth with 0.1 and give no spread.
//   - Sales in nearly every period that have ended, by the same test and three zeros or more, without a season, are
//     forecast by [SES], which follows the end.
//   - Any other series is forecast by the mean of [ETS], [Theta] and [OptimisedTheta]; if it has not one season, or fewer
//     than 10 values (6 if m is above 1), by [SES], because too few values show trends that are none.
//   - From one to three seasons are too few to tell a season from chance: the mean of that and [SeasonalNaive], with the
//     spread of the former.
//
// If no value of the series is below zero, the forecast is [NonNegative]. For intervals that do not rest on a model, and of
// rare demand, make it Conformal(Auto(m), 20).
//
// The methods and limits were chosen on the training data of the M3 competition: by its last values, not those that the
// competition scored. The page docs/accuracy.md of the repository compares Auto with the methods there and in M4.
// It takes some milliseconds for a hundred months, most of it for ETS; ETS is fitted without a season if m is above 24, after
// that is taken out as by [Deseasonalized].
//
// The method needs 1 value. It returns the errors that every [Method] does, and [ErrInput] if m is below 1.
func Auto(m int) Method {
	return func(y []float64, h int) (Forecast, error) {
		if err := checkSeason(m); err != nil {
			return Forecast{}, err
		}
		if err := checkSeries("Auto", y, h, 1); err != nil {
			return Forecast{}, err
		}
		a := auto{m: m}
		rest := a.launched(y)
		f, err := call(a.choose(rest), "", rest, h)
		if err != nil {
			return Forecast{}, err
		}
		f.Fit.Why = append(a.why, f.Fit.Why...)
		f.Fit.Method = "Auto(" + f.Fit.Method + ")"
		return f, nil
	}
}

// auto is one choice.
type auto struct {
	m   int
	why []string
}

func (a *auto) say(sentence string) { a.why = append(a.why, sentence) }

// choose returns the method for y.
func (a *auto) choose(y []float64) Method {
	n := len(y)
	least, most := slices.Min(y), slices.Max(y)
	if least == most {
		a.say("All " + strconv.Itoa(n) + " values are the same.")
		return Naive()
	}
	if least >= 0 {
		if rare := a.rare(y); rare != nil {
			return rare
		}
	}
	method := a.usual(n)
	if a.m > 1 && n >= a.m && n < 3*a.m {
		a.say("With fewer than 3 seasons of " + strconv.Itoa(a.m) + " periods the season is in doubt: the mean of that and of the values one season ago.")
		method = withLastSeason(method, a.m)
	}
	if least >= 0 {
		a.say("No value is below zero, so no forecast is.")
		method = NonNegative(method)
	}
	return method
}

// usual returns the method for n values that are not rare sales.
func (a *auto) usual(n int) Method {
	few := 10
	if a.m > 1 {
		few = 6
	}
	ets := ETS(a.m)
	switch {
	case n < few:
		a.say("With fewer than " + strconv.Itoa(few) + " values a trend is in doubt: exponential smoothing.")
		return SES()
	case n < a.m:
		a.say("With less than one season of " + strconv.Itoa(a.m) + " periods a trend cannot be told from a season: exponential smoothing.")
		return SES()
	case a.m > longestSeason:
		ets = Deseasonalized(a.m, ETS(1))
	}
	a.say("The mean of ETS, Theta and OptimisedTheta: together they are more accurate than each alone, on most series.")
	return Combine(ets, Theta(a.m), OptimisedTheta(a.m))
}

// withLastSeason returns the mean of base and SeasonalNaive, with the spread of base: a season or two are too few for that
// of the other.
func withLastSeason(base Method, m int) Method {
	return func(y []float64, h int) (Forecast, error) {
		fs, err := callAll("Auto", []Method{base, SeasonalNaive(m)}, y, h)
		if err != nil {
			return Forecast{}, err
		}
		f := pool("Combine", fs, weightedMean(equalWeights(2)))
		f.SD, f.DF, f.Fit.Why = fs[0].SD, fs[0].DF, fs[0].Fit.Why
		return f.done()
	}
}

// rare returns the method for rare demand, nil if y is not that.
func (a *auto) rare(y []float64) Method {
	s := salesOf(y)
	last := len(y) - 1 - s.last // zeros
	ended := s.unlikely(last)
	periods := len(y)
	if ended {
		periods -= last // they say nothing of how rare sales were
	}
	interval := float64(periods) / float64(s.count)
	if interval <= 1.32 {
		if ended && last >= 3 && !seasonal(y, a.m) {
			a.say("The last " + strconv.Itoa(last) + " values are zero after sales in nearly every period: exponential smoothing follows the end.")
			return SES()
		}
		return nil
	}
	what := "A sale comes every " + strconv.FormatFloat(interval, 'f', 2, 64) + " periods on average, more than 1.32"
	if seasonal(y, a.m) {
		a.say(what + ", but in a season of " + strconv.Itoa(a.m) + " periods.")
		return nil
	}
	kind := "intermittent"
	if s.cv2 > 0.49 {
		kind = "lumpy"
	}
	a.say(what + ", and the squared coefficient of variation of their sizes is " + strconv.FormatFloat(s.cv2, 'f', 2, 64) + ": demand is " + kind + ".")
	if ended {
		a.say("The last " + strconv.Itoa(last) + " values are zero, too many for chance: TSB lets demand fade out.")
		return TSB(0.1, 0.1)
	}
	return SBA(0.1)
}

// launched returns y without zeros at the beginning that are too many for chance.
func (a *auto) launched(y []float64) []float64 {
	s := salesOf(y)
	if s.count == 0 || !s.unlikely(s.first) {
		return y
	}
	a.say("The first " + strconv.Itoa(s.first) + " values are zero, too many for chance: they are left out.")
	return y[s.first:]
}

// sales are the values other than zero in a series.
type sales struct {
	count       int
	first, last int     // their places
	cv2         float64 // the squared coefficient of variation of their sizes
}

func salesOf(y []float64) sales {
	var s sales
	largest := 0.0
	for i, v := range y {
		if v != 0 {
			if s.count == 0 {
				s.first = i
			}
			s.count++
			s.last = i
			largest = max(largest, math.Abs(v))
		}
	}
	if s.count == 0 {
		return s
	}
	sum, squares := 0.0, 0.0
	for _, v := range y {
		v /= largest // so that no sum overflows
		sum += v
		squares += float64(v * v)
	}
	mean := sum / float64(s.count)
	s.cv2 = max(squares/float64(s.count)/float64(mean*mean)-1, 0)
	return s
}

// unlikely reports whether so many zeros in a row would come by chance once in 20 times at most, given how often there is
// a sale between the first and the last. Two sales tell nothing of that.
func (s sales) unlikely(zeros int) bool {
	if s.count < 3 {
		return false
	}
	rate := float64(s.count-1) / float64(s.last-s.first)
	return zeros > 0 && math.Pow(1-rate, float64(zeros)) <= 0.05
}

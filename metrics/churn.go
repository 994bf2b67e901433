package metrics

import "github.com/salesops-go/salesops/internal/exact"

// DailyChurnOf returns the churn of a period from its days, compounded: 1 − Π (1 − lost ÷ start). Each day is the ratio of
// what was lost on it to what there was at its start: customers, or MRR; less expansion for the net rate, which may be below
// 0. So those who join during the period count from the day they do, which matters where many do and leave soon; with counts
// it is 1 minus the estimate of Kaplan and Meier (1958, doi:10.1080/01621459.1958.10501452). N is the number of days with
// something at their start; the others change nothing.
//
// It has no value if there was nothing at the start of any day, or a day is none: with more lost than there was, or a start
// below 0, or an amount out of bounds.
func DailyChurnOf[N Exact](days []Ratio[N]) Figure {
	return churnOfDays(DailyChurn, days, func(lost, rate float64) float64 { return lost + float64((1-lost)*rate) })
}

// DailyChurnSumOf returns Σ lost ÷ start over the days, as ChartMogul's "Shopify formula" has it. It is at least what
// [DailyChurnOf] returns, close to it while churn is low, and exceeds 1 where it is high. It takes the same days.
func DailyChurnSumOf[N Exact](days []Ratio[N]) Figure {
	return churnOfDays(DailyChurnSum, days, func(lost, rate float64) float64 { return lost + rate })
}

func churnOfDays[N Exact](id ID, days []Ratio[N], add func(lost, rate float64) float64) Figure {
	var lost float64
	var counted int64
	for i, day := range days {
		num, okNum := sumOf(day.Num)
		den, okDen := sumOf(day.Den)
		if !okNum || !okDen || den.Sign() < 0 || num.Cmp(den) > 0 {
			return noValue(id, int64(len(days)),
				"day "+intText(int64(i)+1)+" is out of bounds, or has more lost than there was at its start")
		}
		if den.IsZero() {
			continue
		}
		rate, _ := exact.QuoFloat(num, den)
		lost = add(lost, rate)
		counted++
	}
	if counted == 0 {
		return noValue(id, 0, "there was nothing at the start of any day")
	}
	return valueOf(id, lost, counted)
}

package series_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
)

// combMethod are the methods whose accuracy docs/accuracy.md states, beside their counterparts in the competitions.
type combMethodOf = func(m int) series.Method

func combSeasonless(base ...series.Method) combMethodOf {
	return func(m int) series.Method {
		if len(base) == 1 {
			return series.Deseasonalized(m, base[0])
		}
		return series.Deseasonalized(m, series.Combine(base...))
	}
}

func combETS(m int) series.Method { return series.ETS(m) }

// The M3 competition (Makridakis and Hibon 2000, doi:10.1016/S0169-2070(00)00057-1): 3,003 series, and the forecasts that were submitted, scored anew. sMAPE over all
// points, by group; the mean over the series; MASE. Each of our methods must reach that of its kind within 0.5 %.
func TestE71_M3(t *testing.T) {
	combSkip(t)
	cases := combM3(t)
	submitted := func(name string) combRow {
		published := combPublished(t, "forecast/m3/m3_accuracy_from_forecasts.csv", func(row []string) (string, string, string, string) {
			return row[0], row[1], "smape", row[3]
		})
		overall := combPublished(t, "forecast/m3/m3_accuracy_from_forecasts.csv", func(row []string) (string, string, string, string) {
			return row[0], row[1], "mean", row[4]
		})
		mase := combPublished(t, "forecast/m3/m3_accuracy_from_forecasts.csv", func(row []string) (string, string, string, string) {
			return row[0], row[1], "mase", row[5]
		})
		r := combRow{name: "submitted: " + name}
		for _, g := range []string{"YEARLY", "QUARTERLY", "MONTHLY", "OTHER", "ALL"} {
			r.published = append(r.published, published(name, g, "smape"))
		}
		r.published = append(r.published, overall(name, "ALL", "mean"), mase(name, "ALL", "mase"), "")
		return r
	}
	rows := []combRow{
		submitted("NAIVE2"),
		{name: "`Deseasonalized(m, Naive())`", of: combSeasonless(series.Naive()), fast: true, most: 15.462},
		submitted("SINGLE"),
		{name: "`Deseasonalized(m, SES())`", of: combSeasonless(series.SES()), fast: true, most: 14.31},
		submitted("HOLT"),
		{name: "`Deseasonalized(m, Holt())`", of: combSeasonless(series.Holt()), most: 15.030},
		submitted("DAMPEN"),
		{name: "`Deseasonalized(m, Damped())`", of: combSeasonless(series.Damped()), most: 13.64},
		submitted("COMB S-H-D"),
		{name: "`Deseasonalized(m, Combine(SES(), Holt(), Damped()))`", of: combSeasonless(series.SES(), series.Holt(), series.Damped()), most: 13.51},
		submitted("THETA"),
		{name: "`Theta(m)`", of: series.Theta, fast: true, most: 13.05},
		{name: "`OptimisedTheta(m)`", of: series.OptimisedTheta, fast: true, most: 13.0},
		submitted("ForecastPro"),
		{name: "`ETS(m)`", of: combETS, most: 13.3},
		{name: "`Auto(m)`", of: series.Auto, most: 12.9 / 1.005},
	}
	head := "| sMAPE | Yearly | Quarterly | Monthly | Other | all points | mean of series | MASE | in 95 % intervals |"
	table := func(key string, cases []combCase, rows, all []combRow) (*combTable, map[[2]string]series.Standing) {
		c := &combTable{key: key, head: head}
		standings := combStandings(t, cases, rows, "")
		computed := map[string][]string{}
		for _, r := range rows {
			var cells []string
			for _, g := range []string{"YEARLY", "QUARTERLY", "MONTHLY", "OTHER", ""} {
				cells = append(cells, standings[[2]string{g, r.name}].SMAPEPoints.Text(3))
			}
			s := standings[[2]string{"", r.name}]
			computed[r.name] = append(cells, s.SMAPE.Text(3), s.MASE.Text(3), strconv.FormatFloat(100*s.Coverage.Value, 'f', 1, 64)+" %")
		}
		for _, r := range all {
			switch cells, ok := computed[r.name]; {
			case ok:
				c.add(r.name, cells...)
			case r.of == nil:
				c.add(r.name, r.published...)
			}
		}
		return c, standings
	}

	full, standings := table("m3", cases, combComputed(rows, combFull()), rows)
	full.check(t, !combFull())
	for _, r := range combComputed(rows, combFull()) {
		if got := standings[[2]string{"", r.name}].SMAPEPoints.Value; got > r.most*1.005 {
			t.Errorf("%s: sMAPE %.3f, want %.3f within 0.5 %%", r.name, got, r.most)
		}
	}
	sample, _ := table("m3-sample", combEvery(cases, combM3Sample), combComputed(rows, true), combComputed(rows, true))
	sample.check(t, false)
}

// combM3Sample is how many series of M3 stand for one in the sample.
const combM3Sample = 10

// How the combination of Auto was chosen: by the values that the training data ends with, as many as are to be forecast, and not by those that
// the competition scored, which stand beside.
func TestE72_M3_combinations(t *testing.T) {
	combSkip(t)
	cases := combM3(t)
	member := map[string]combMethodOf{
		"SES": combMemo(combSeasonless(series.SES())), "Damped": combMemo(combSeasonless(series.Damped())), "Theta": combMemo(series.Theta),
		"OptimisedTheta": combMemo(series.OptimisedTheta), "ETS": combMemo(combETS), "SeasonalNaive": combMemo(series.SeasonalNaive),
	}
	row := func(name string, combine func(...series.Method) series.Method, members ...string) combRow {
		return combRow{name: name + strings.Join(members, ", "), of: func(m int) series.Method {
			var ms []series.Method
			for _, name := range members {
				ms = append(ms, member[name](m))
			}
			return combine(ms...)
		}}
	}
	rows := []combRow{
		row("", series.Combine, "ETS"),
		row("", series.Combine, "Theta"),
		row("", series.Combine, "OptimisedTheta"),
		row("mean of ", series.Combine, "Theta", "OptimisedTheta"),
		row("mean of ", series.Combine, "ETS", "Theta"),
		row("mean of ", series.Combine, "ETS", "OptimisedTheta"),
		row("mean of ", series.Combine, "ETS", "Theta", "OptimisedTheta"),
		row("median of ", series.Median, "ETS", "Theta", "OptimisedTheta"),
		row("mean of ", series.Combine, "ETS", "Theta", "OptimisedTheta", "Damped"),
		row("median of ", series.Median, "ETS", "Theta", "OptimisedTheta", "Damped"),
		row("mean of ", series.Combine, "ETS", "Theta", "OptimisedTheta", "SES"),
		row("mean of ", series.Combine, "ETS", "Theta", "OptimisedTheta", "SeasonalNaive"),
		row("mean of ", series.Combine, "ETS", "Theta", "OptimisedTheta", "Damped", "SeasonalNaive"),
	}
	table := func(key string, cases []combCase) *combTable {
		c := &combTable{key: key, head: "| sMAPE over all points and MASE | sMAPE, training data | MASE | sMAPE, competition | MASE |"}
		chosen, scored := combStandings(t, combHeldBack(cases), rows, ""), combStandings(t, cases, rows, "")
		for _, r := range rows {
			a, b := chosen[[2]string{"", r.name}], scored[[2]string{"", r.name}]
			c.add(r.name, a.SMAPEPoints.Text(3), a.MASE.Text(3), b.SMAPEPoints.Text(3), b.MASE.Text(3))
		}
		return c
	}
	if combFull() {
		table("combinations", cases).check(t, false)
	}
	table("combinations-sample", combEvery(cases, combM3Sample)).check(t, false)
}

// What Auto rests its rules for short series on: every tenth series of M3 cut to the last values of its training data without
// the end, which is forecast.
func TestE74_M3_cutShort(t *testing.T) {
	combSkip(t)
	rows := []combRow{
		{name: "SES", of: func(int) series.Method { return series.SES() }},
		{name: "SeasonalNaive", of: series.SeasonalNaive},
		{name: "mean", of: func(m int) series.Method {
			return series.Combine(series.ETS(m), series.Theta(m), series.OptimisedTheta(m))
		}},
		{name: "Auto", of: series.Auto},
	}
	c := &combTable{key: "short", head: "| sMAPE over all points | `SES()` | `SeasonalNaive(m)` | mean of three | `Auto(m)` |"}
	all := combHeldBack(combEvery(combM3(t), combM3Sample))
	for _, group := range []struct {
		name    string
		m       int
		lengths []int
	}{{"YEARLY", 1, []int{6, 8, 10, 12}}, {"QUARTERLY", 4, []int{6, 8, 10, 12, 16}}, {"MONTHLY", 12, []int{6, 9, 12, 18, 24, 30, 36, 48}}} {
		for _, n := range group.lengths {
			var cases []combCase
			for _, c := range all {
				if c.group == group.name && len(c.train) >= n {
					c.train = c.train[len(c.train)-n:]
					cases = append(cases, c)
				}
			}
			some := rows
			if n < group.m {
				some = append([]combRow{rows[0]}, rows[2:]...)
			}
			standings := combStandings(t, cases, some, "")
			var cells []string
			for _, r := range rows {
				if s, ok := standings[[2]string{"", r.name}]; ok {
					cells = append(cells, s.SMAPEPoints.Text(2))
				} else {
					cells = append(cells, "")
				}
			}
			name := strings.ToLower(group.name)
			c.add(strconv.Itoa(n)+" "+name+" values, "+strconv.Itoa(len(cases))+" series", cells...)
		}
	}
	c.check(t, false)
}

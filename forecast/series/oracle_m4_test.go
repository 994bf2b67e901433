package series_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/forecast/series"
)

// The M4 competition (Makridakis, Spiliotis and Assimakopoulos 2020, doi:10.1016/j.ijforecast.2019.04.014), the weekly and the hourly series: our methods beside the
// published figures of the competition's benchmarks. Each of ours must reach the OWA of its benchmark within 1 %.
func TestE73_M4(t *testing.T) {
	combSkip(t)
	cases := combM4(t, "Weekly", 1, 359)
	hourly := combM4(t, "Hourly", 24, 414)
	value := combPublished(t, "forecast/m4/m4_published_point.csv", func(row []string) (string, string, string, string) {
		return row[0], row[4], row[2], row[5]
	})
	groups := []string{"Weekly", "Hourly"}
	published := func(id, name string) combRow {
		r := combRow{name: "published: " + name}
		for _, g := range groups {
			for _, measure := range []string{"sMAPE", "MASE", "OWA"} {
				r.published = append(r.published, value(id, g, measure))
			}
		}
		return r
	}
	comb := []series.Method{series.SES(), series.Holt(), series.Damped()}
	const naive2 = "`Deseasonalized(m, Naive())`"
	rows := []combRow{
		published("Naive2", "Naive2"),
		{name: naive2, of: combSeasonless(series.Naive()), fast: true},
		published("sNaive", "sNaive"),
		{name: "`SeasonalNaive(m)`", of: series.SeasonalNaive, fast: true},
		published("SES", "SES"),
		{name: "`Deseasonalized(m, SES())`", of: combSeasonless(series.SES()), fast: true},
		published("Holt", "Holt"),
		{name: "`Deseasonalized(m, Holt())`", of: combSeasonless(series.Holt())},
		published("Damped", "Damped"),
		{name: "`Deseasonalized(m, Damped())`", of: combSeasonless(series.Damped())},
		published("Com", "Comb"),
		{name: "`Deseasonalized(m, Combine(SES(), Holt(), Damped()))`", of: combSeasonless(comb...)},
		published("Theta", "Theta"),
		{name: "`Theta(m)`", of: series.Theta, fast: true},
		{name: "`OptimisedTheta(m)`", of: series.OptimisedTheta, fast: true},
		{name: "`ETS(m)`", of: combETS},
		{name: "`Auto(m)`", of: series.Auto},
		{name: "`BySTL(ETS(1), STLOptions{}, 24, 168)`", only: "Hourly", of: func(int) series.Method {
			return series.BySTL(series.ETS(1), series.STLOptions{}, 24, 168)
		}},
		published("118", "the winner of the competition, no. 118"),
	}
	head := "| | Weekly sMAPE | MASE | OWA | Hourly sMAPE | MASE | OWA |"
	table := func(key string, weekly, hourly []combCase, rows, all []combRow) *combTable {
		c := &combTable{key: key, head: head}
		computed := map[string][]string{}
		for i, cases := range [][]combCase{weekly, hourly} {
			var some []combRow
			for _, r := range rows {
				if r.only == "" || r.only == groups[i] {
					some = append(some, r)
				}
			}
			standings := combStandings(t, cases, some, naive2)
			for _, r := range rows {
				s, ok := standings[[2]string{"", r.name}]
				cells := []string{"", "", ""}
				if ok {
					cells = []string{s.SMAPE.Text(3), s.MASE.Text(3), s.OWA.Text(3)}
				}
				computed[r.name] = append(computed[r.name], cells...)
			}
		}
		for _, r := range all {
			switch cells, ok := computed[r.name]; {
			case ok:
				c.add(r.name, cells...)
			case r.of == nil:
				c.add(r.name, r.published...)
			}
		}
		var benchmark combRow // the published row before
		for _, r := range all {
			cells, ok := computed[r.name]
			for i, g := range groups {
				if !ok || benchmark.of != nil || benchmark.name == "" || key != "m4" {
					break
				}
				got, err := strconv.ParseFloat(cells[3*i+2], 64)
				want, _ := strconv.ParseFloat(benchmark.published[3*i+2], 64)
				if err != nil || got > want*1.01 || math.IsNaN(want) {
					t.Errorf("%s: OWA %v, want the %v of %s within 1 %%, %s", r.name, got, want, benchmark.name, g)
				}
			}
			benchmark = r
		}
		return c
	}
	table("m4", cases, hourly, combComputed(rows, combFull()), rows).check(t, !combFull())
	table("m4-sample", combEvery(cases, 10), combEvery(hourly, 50), combComputed(rows, true), combComputed(rows, true)).check(t, false)
}

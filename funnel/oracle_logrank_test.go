package funnel_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/salesops-go/salesops/funnel"
	"github.com/salesops-go/salesops/internal/testenv"
)

func tstFloat(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// tstNear fails the test unless got is want, up to a share of it.
func tstNear(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want, tolerance float64,
) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// tstGroups reads an input of the reference into lifetimes by group. exit is the column of the cause, 0 being censored.
func tstGroups(t testing.TB, name, time, exit string) map[string]*funnel.Lifetimes {
	t.Helper()
	groups := map[string]*funnel.Lifetimes{}
	for _, row := range testenv.CSV(t, "funnel/reference/inputs/"+name) {
		l := groups[row["group"]]
		if l == nil {
			l = new(funnel.Lifetimes)
			groups[row["group"]] = l
		}
		s := funnel.Spell{Leave: int(tstFloat(t, row[time])), Exit: funnel.Exit(row[exit])}
		if row[exit] == "0" {
			s.Exit = funnel.Open
		}
		if err := l.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	return groups
}

// R survival 3.5-3, survdiff with rho 0 and 1: six data sets, all figures, with log p down to -72.
func TestE01_LogRank(t *testing.T) {
	type key struct{ dataset, rho string }
	tests := map[key][]map[string]string{}
	var order []key
	for _, row := range testenv.CSV(t, "funnel/reference/logrank.csv") {
		k := key{row["dataset"], row["rho"]}
		if tests[k] == nil {
			order = append(order, k)
		}
		tests[k] = append(tests[k], row)
	}
	for _, k := range order {
		byName := tstGroups(t, k.dataset+".csv", "time", "event")
		var groups []*funnel.Lifetimes
		for _, row := range tests[k] {
			groups = append(groups, byName[row["group"]])
		}
		rho := tstFloat(t, k.rho)
		got, err := funnel.StratifiedLogRank(rho, groups)
		if err != nil {
			t.Fatal(err)
		}
		name := k.dataset + ", rho " + k.rho + ": "
		for g, row := range tests[k] {
			tstNear(t, name+"chi-squared", got.ChiSquared, tstFloat(t, row["chisq"]), 1e-9)
			tstNear(t, name+"df", float64(got.DF), tstFloat(t, row["df"]), 0)
			tstNear(t, name+"p", got.P, tstFloat(t, row["p"]), 1e-9)
			tstNear(t, name+"log p", got.LogP, tstFloat(t, row["logp"]), 1e-9)
			tstNear(t, name+"n", float64(got.Groups[g].N), tstFloat(t, row["n"]), 0)
			tstNear(t, name+"observed", got.Groups[g].Observed, tstFloat(t, row["observed"]), 1e-9)
			tstNear(t, name+"expected", got.Groups[g].Expected, tstFloat(t, row["expected"]), 1e-9)
			tstNear(t, name+"variance", got.Groups[g].Variance, tstFloat(t, row["var_diag"]), 1e-9)
		}
	}
	if len(order) != 12 {
		t.Errorf("%d tests in the reference, want 12", len(order))
	}
}

// R cmprsk 2.2-11, cuminc: Gray's test on two data sets, for both causes.
func TestE02_Gray(t *testing.T) {
	tests := 0
	for _, row := range testenv.CSV(t, "funnel/reference/competing_risks_rmst_gray.csv") {
		if row["kind"] != "gray_test" {
			continue
		}
		tests++
		var groups []*funnel.Lifetimes
		for _, l := range tstGroups(t, "cr_"+row["dataset"]+".csv", "time", "cause") {
			groups = append(groups, l) // in any order
		}
		got, err := funnel.Gray(funnel.Exit(row["state"][1:]), groups...)
		if err != nil {
			t.Fatal(err)
		}
		name := row["dataset"] + " " + row["state"] + ": "
		tstNear(t, name+"chi-squared", got.ChiSquared, tstFloat(t, row["value"]), 1e-9)
		tstNear(t, name+"df", float64(got.DF), tstFloat(t, row["df"]), 0)
		tstNear(t, name+"p", got.P, tstFloat(t, row["p"]), 1e-9)
		tstNear(t, name+"log p", got.LogP, math.Log(tstFloat(t, row["p"])), 1e-9)
	}
	if tests != 4 {
		t.Errorf("%d tests in the reference, want 4", tests)
	}
}

// The remission times of 42 children with leukaemia (Freireich et al. 1963): chi-squared 16.79 on 1 degree of freedom, 9
// observed and 19.25 expected under 6-MP, 21 and 10.75 under placebo (Cox and Oakes 1984; Kleinbaum and Klein, chapter 2).
func TestE03_LogRank_leukaemia(t *testing.T) {
	var drug, placebo funnel.Lifetimes
	for _, leave := range []int{6, 6, 6, 7, 10, 13, 16, 22, 23} {
		_ = drug.Add(funnel.Spell{Leave: leave, Exit: "relapse"})
	}
	for _, leave := range []int{6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35} {
		_ = drug.Add(funnel.Spell{Leave: leave})
	}
	for _, leave := range []int{1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23} {
		_ = placebo.Add(funnel.Spell{Leave: leave, Exit: "relapse"})
	}
	got, err := funnel.LogRank(&drug, &placebo)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"chi-squared", got.ChiSquared, 16.79},
		{"observed", got.Groups[0].Observed, 9},
		{"expected", got.Groups[0].Expected, 19.25},
		{"observed", got.Groups[1].Observed, 21},
		{"expected", got.Groups[1].Expected, 10.75},
	} {
		if math.Abs(c.got-c.want) > 0.005 {
			t.Errorf("%s = %.4f, want %.2f", c.what, c.got, c.want)
		}
	}
}

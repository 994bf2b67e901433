package forecast_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/salesops-go/salesops"
	"github.com/salesops-go/salesops/forecast"
	"github.com/salesops-go/salesops/internal/testenv"
)

// probAgents is a reference fit of the Beta-Binomial model to the win rates of the agents of a CRM data set.
type probAgents struct {
	Agents []struct {
		Agent         string
		Won, Closed   int
		Raw           float64
		PosteriorMean float64 `json:"posterior_mean"`
	}
	MLE    struct{ Alpha, Beta, LogLik float64 }
	Pooled float64
}

func probReadAgents(t *testing.T) (probAgents, []forecast.Tally) {
	t.Helper()
	data, err := os.ReadFile(testenv.Data(t, "forecast/reference/beta_binomial_maven_agents.json"))
	if err != nil {
		t.Fatal(err)
	}
	var ref probAgents
	if err := json.Unmarshal(data, &ref); err != nil {
		t.Fatal(err)
	}
	tallies := make([]forecast.Tally, len(ref.Agents))
	for i, a := range ref.Agents {
		tallies[i] = forecast.Tally{Won: a.Won, Closed: a.Closed}
	}
	return ref, tallies
}

// probLogLik is the log-likelihood of tallies in the Beta-Binomial model, without the binomial coefficients, written out as
// the product over deals: the k-th win after k wins and m losses has probability (alpha+k)/(alpha+beta+k+m).
func probLogLik(tallies []forecast.Tally, alpha, beta float64) float64 {
	sum, lost := 0.0, 0.0 // with Kahan's compensation
	add := func(v float64) {
		y := v - lost
		next := sum + y
		lost = (next - sum) - y
		sum = next
	}
	for _, t := range tallies {
		for k := range t.Won {
			add(math.Log((alpha + float64(k)) / (alpha + beta + float64(k))))
		}
		for m := range t.Closed - t.Won {
			add(math.Log((beta + float64(m)) / (alpha + beta + float64(t.Won+m))))
		}
	}
	return sum
}

// TestE01_BetaBinomialAgents compares with a maximum-likelihood fit made with a general optimiser in Python. The likelihood
// is so flat at its top that the optimiser stopped short: Newton's method in 40-digit decimals, from its result, goes on to
// 1935.234309373097, 1128.468766273072, which moves the posterior means by up to 1.15e-7. So from the reference's
// parameters the posterior means must be the reference's to 1e-9, our parameters must be at least as likely, and the
// optimum to 1e-9.
func TestE01_BetaBinomialAgents(t *testing.T) {
	ref, tallies := probReadAgents(t)
	p, err := forecast.FitPrior(tallies)
	if err != nil {
		t.Fatal(err)
	}
	ours := probLogLik(tallies, p.Mean*p.Strength, (1-p.Mean)*p.Strength)
	theirs := probLogLik(tallies, ref.MLE.Alpha, ref.MLE.Beta)
	t.Logf("strength %v, reference %v; log-likelihood %.12f, reference %.12f", p.Strength, ref.MLE.Alpha+ref.MLE.Beta, ours, theirs)
	if math.Abs(theirs-ref.MLE.LogLik) > 1e-7 {
		t.Errorf("the likelihood of the test is another: %.9f, the reference has %.9f", theirs, ref.MLE.LogLik)
	}
	if ours < theirs-1e-11 {
		t.Errorf("log-likelihood %.12f, reference %.12f", ours, theirs)
	}
	alpha, beta := p.Mean*p.Strength, (1-p.Mean)*p.Strength
	if math.Abs(alpha/1935.234309373097-1) > 1e-9 || math.Abs(beta/1128.468766273072-1) > 1e-9 {
		t.Errorf("alpha, beta = %.9f, %.9f, want 1935.234309373, 1128.468766273", alpha, beta)
	}
	given := forecast.Prior{Mean: ref.MLE.Alpha / (ref.MLE.Alpha + ref.MLE.Beta), Strength: ref.MLE.Alpha + ref.MLE.Beta}
	worst := 0.0
	for i, a := range ref.Agents {
		rate, err := given.Rate(tallies[i])
		if err != nil || math.Abs(rate-a.PosteriorMean) > 1e-9 {
			t.Errorf("%s: rate %.12f, %v, want %.12f", a.Agent, rate, err, a.PosteriorMean)
		}
		rate, err = p.Rate(tallies[i])
		worst = max(worst, math.Abs(rate-a.PosteriorMean))
		if err != nil || math.Abs(rate-a.PosteriorMean) > 1.2e-7 {
			t.Errorf("%s: rate by our prior %.12f, %v, want %.12f", a.Agent, rate, err, a.PosteriorMean)
		}
	}
	t.Logf("posterior means differ by at most %.1e", worst)
}

// TestE02_AalenJohansen compares with cumulative incidences by the textbook formula, made in Python: the deals as they stand
// at the end of 2017, by age from the day they were engaged.
func TestE02_AalenJohansen(t *testing.T) {
	m := probReadMaven(t)
	spells, err := forecast.AgeSpells(m.deals, salesops.Period{End: on("2018-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	curve, err := forecast.FitCloseCurve(spells)
	if err != nil {
		t.Fatal(err)
	}
	steps := map[int]forecast.CloseStep{}
	for _, s := range curve.Steps {
		steps[s.Age] = s
	}
	rows := probRows(t, "forecast/reference/aalen_johansen_maven.csv")
	if len(rows) != 138 || len(steps) != 138 {
		t.Errorf("%d rows, %d steps, want 138", len(rows), len(steps))
	}
	for _, r := range rows {
		want := forecast.CloseStep{
			Age: probInt(t, r["day"]), AtRisk: probInt(t, r["at_risk"]), Won: probInt(t, r["won"]), Lost: probInt(t, r["lost"]),
			WonBy: probFloat(t, r["cif_won"]), LostBy: probFloat(t, r["cif_lost"]), Open: probFloat(t, r["survival"]),
		}
		if diff := cmp.Diff(want, steps[want.Age], cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("day %d (-want +got):\n%s", want.Age, diff)
		}
		at := [3]float64{curve.Won(want.Age), curve.Lost(want.Age), curve.Open(want.Age)}
		if diff := cmp.Diff([3]float64{want.WonBy, want.LostBy, want.Open}, at, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("Won, Lost, Open(%d) (-want +got):\n%s", want.Age, diff)
		}
	}
}

func probInt(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func probFloat(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

package metrics

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// The KPIs of quotas.
const (
	QuotaAttainment        ID = "quota_attainment"         // credited over quota
	TeamAttainment         ID = "team_attainment"          // the same by the quotas of teams
	QuotaAttainmentRate    ID = "quota_attainment_rate"    // share of reps at or above
	AttainmentDistribution ID = "attainment_distribution"  // median and bands of the attainments of reps
	ParticipationRate      ID = "participation_rate"       // share of reps with a won deal
	ParticipationRateQuota ID = "participation_rate_quota" // share of reps at or above a part of quota
)

const (
	noneQuota    = "no quota, or one of 0"
	noneRepQuota = "no rep has a quota above 0"
)

// none says why there is no attainment; "" if there is.
func (a *attainments) none() string {
	switch {
	case a.problem != "":
		return a.problem
	case a.whole.quota.Sign() <= 0:
		return noneQuota
	}
	return ""
}

func attainmentKPIs() []kpi {
	readings := []ID{QuotaAttainment, QuotaAttainmentRate, TeamAttainment}
	return []kpi{
		{
			Definition: Definition{
				ID: QuotaAttainment, Name: "Quota attainment", Formula: "Σ credited ÷ Σ quota of the reps", Unit: UnitShare, Better: Higher,
				Additivity: Proportional, Undefined: "no rep has a quota, or the quotas are 0: bookings without a quota are no infinite attainment",
				Source: "Alexander Group, Xactly", Others: others(readings, QuotaAttainment),
			},
			figure: func(r *reading, id ID) Figure {
				a := r.attained()
				if a.problem != "" {
					return noValue(id, 0, a.problem)
				}
				var quota, credited exact.Num
				for _, rep := range a.reps {
					add(&quota, rep.quota)
					add(&credited, rep.credited)
				}
				return quotient(id, credited, quota, int64(len(a.reps)), a.noneOfReps())
			},
		},
		{
			Definition: Definition{
				ID: TeamAttainment, Name: "Team attainment", Formula: "Σ credited ÷ Σ quota by the quotas without an owner, of which none is within another, or if there are none of the reps",
				Unit: UnitShare, Better: Higher, Additivity: Proportional, Undefined: "no quota, or it is 0. It is not the mean of the reps' attainments", Source: "general use",
				Others: others(readings, TeamAttainment),
			},
			figure: func(r *reading, id ID) Figure {
				a := r.attained()
				if why := a.none(); why != "" {
					return noValue(id, 0, why)
				}
				n := int64(len(a.reps))
				if a.teamwise {
					n = 0
				}
				return quotient(id, a.whole.credited, a.whole.quota, n, noneQuota)
			},
		},
		{
			Definition: Definition{
				ID: QuotaAttainmentRate, Name: "Reps at quota", Formula: "reps with credited ≥ Options.Attained × quota ÷ reps with a quota", Unit: UnitShare,
				Better: Higher, Additivity: Proportional, Undefined: "no rep has a quota above 0. Compared without rounding: 99.995 % is not 100 %",
				Source: "Alexander Group", Others: others(readings, QuotaAttainmentRate),
			},
			none:   noneRepQuota,
			shares: func(r *reading) (num, den int64) { return r.reaching(r.o.Attained) }, people: true,
			problem: noRepQuota, note: quotalessNote,
		},
		{
			Definition: Definition{
				ID: AttainmentDistribution, Name: "Median attainment of reps", Formula: "median of credited ÷ quota of reps with a quota, and how many are in each band of Options.Bands",
				Unit: UnitShare, Better: Higher, Additivity: Distribution, Undefined: "no rep has a quota above 0", Source: "general use",
			},
			figure: attainmentMedian,
			note:   quotalessNote,
		},
		{
			Definition: Definition{
				ID: ParticipationRate, Name: "Participation", Formula: "reps with a won deal ÷ reps of the roster, or if there is none reps with a quota", Unit: UnitShare,
				Better: Higher, Additivity: Distinctness, Undefined: "neither roster nor quotas name a rep", Source: "general use", Others: []ID{ParticipationRateQuota},
			},
			none:   "neither roster nor quotas name a rep",
			shares: participation, people: true,
		},
		{
			Definition: Definition{
				ID: ParticipationRateQuota, Name: "Participation by attainment", Formula: "reps with credited ≥ Options.Participating × quota ÷ reps with a quota",
				Unit: UnitShare, Better: Higher, Additivity: Proportional, Undefined: "no rep has a quota above 0", Source: "general use", Others: []ID{ParticipationRate},
			},
			none:   noneRepQuota,
			shares: func(r *reading) (num, den int64) { return r.reaching(r.o.Participating) }, people: true,
			problem: noRepQuota, note: quotalessNote,
		},
	}
}

// noneOfReps says why the reps have no attainment.
func (a *attainments) noneOfReps() string {
	if len(a.reps) == 0 {
		return "no rep has a quota"
	}
	return noneRepQuota
}

// quotalessNote tells of reps whose quota is 0.
func quotalessNote(r *reading, _ int64) string {
	n := int64(0)
	for _, rep := range r.attained().reps {
		if rep.quota.Sign() <= 0 {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return count(n, "rep with a quota of 0 is", "reps with a quota of 0 are") + " left out"
}

// noRepQuota says why nothing can be told of reps and their quotas, if so.
func noRepQuota(r *reading) string {
	a := r.attained()
	if a.problem == "" && len(a.reps) == 0 {
		return a.noneOfReps()
	}
	return a.problem
}

// reaching counts the reps whose attainment is at least a threshold, of those with a quota above 0.
func (r *reading) reaching(threshold decimal.Decimal) (num, den int64) {
	for _, rep := range r.attained().reps {
		if rep.quota.Sign() <= 0 {
			continue
		}
		den++
		if rep.credited.Cmp(exact.From(threshold).Mul(rep.quota)) >= 0 {
			num++
		}
	}
	return num, den
}

// attainmentMedian is the distribution of the attainments of reps.
func attainmentMedian(r *reading, id ID) Figure {
	a := r.attained()
	if a.problem != "" {
		return noValue(id, 0, a.problem)
	}
	bands, bounds := make([]Band, len(r.o.Bands)+1), slices.Clone(r.o.Bands)
	for i := range bounds {
		bands[i].To, bands[i+1].From = &bounds[i], &bounds[i]
	}
	var all Sample[float64]
	for _, rep := range a.reps {
		v, ok := exact.QuoFloat(rep.credited, rep.quota)
		if rep.quota.Sign() <= 0 || !ok || all.Add(v) != nil {
			continue
		}
		at := 0 // a bound that is reached is passed
		for at < len(r.o.Bands) && exact.From(r.o.Bands[at]).Mul(rep.quota).Cmp(rep.credited) <= 0 {
			at++
		}
		bands[at].Count++
	}
	q, err := all.Quantile(0.5)
	if err != nil {
		return noValue(id, 0, noneRepQuota)
	}
	f := valueOf(id, q.Value, all.Len())
	if spread, ok := all.Spread(); ok {
		f.Spread = &spread
	}
	f.Bands = bands
	return f
}

// participation counts the reps who won something among those who are there.
func participation(r *reading) (num, den int64) {
	there := map[int32]bool{}
	for _, rep := range r.reps {
		there[rep.owner] = true
	}
	if len(there) == 0 {
		for _, q := range r.quotas {
			if q.of.owner != 0 {
				there[q.of.owner] = true
			}
		}
	}
	won := map[int32]bool{}
	for _, c := range r.cells {
		if c.closed != nil && c.closed.won > 0 && there[c.key.owner] {
			won[c.key.owner] = true
		}
	}
	return int64(len(won)), int64(len(there))
}

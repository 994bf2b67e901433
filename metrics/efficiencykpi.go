package metrics

import (
	"math"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/salesops-go/salesops/internal/exact"
)

// The KPIs of go-to-market efficiency.
const (
	CAC                 ID = "cac"                    // what it costs to win a customer
	CACPayback          ID = "cac_payback"            // months of gross profit that pay for it
	CACPaybackSimple    ID = "cac_payback_simple"     // months of revenue that pay for it
	LTV                 ID = "ltv"                    // gross profit of a customer's lifetime
	LTVHorizon          ID = "ltv_horizon"            // gross profit of a customer up to a horizon, discounted
	LTVToCAC            ID = "ltv_cac"                // lifetime value for each unit of acquisition cost
	MagicNumber         ID = "magic_number"           // annual revenue that a unit of spend adds
	MagicNumberARR      ID = "magic_number_arr"       // net new ARR for each unit of spend
	MagicNumberGrossARR ID = "magic_number_gross_arr" // gross new ARR for each unit of spend
	BurnMultiple        ID = "burn_multiple"          // cash burnt for each unit of net new ARR
	RuleOf40            ID = "rule_of_40"             // growth and profit margin together
)

// Why figures of efficiency have no value.
const (
	badSums       = "a count is negative, or an amount out of bounds"
	noneCustomer  = "no customer was won"
	noNewMRR      = "new customers pay nothing"
	noSpend       = "there is no spend"
	noMargin      = "the gross margin is not above 0"
	spendNegative = "the spend is negative"
)

// CAC returns the customer acquisition cost: Spend ÷ NewCustomers, or with [PeriodBefore] SpendBefore ÷ NewCustomers, which a
// note tells. It has no value if no customer was won, or the spend is negative.
func (e Efficiency) CAC(lag Lag) Figure {
	return e.figure(CAC, lag, SamePeriod, e.NewCustomers, func(s *efficiencySums) (num, den exact.Num, why string) {
		switch {
		case s.spend.Sign() < 0:
			why = spendNegative
		case s.newCustomers.Sign() <= 0:
			why = noneCustomer
		}
		return s.spend, s.newCustomers, why
	}).in(e.Currency)
}

// CACPayback returns the months until the gross profit of new customers has paid for their acquisition: spend ÷ (NewMRR ×
// GrossMargin), which is CAC ÷ the gross profit of one in a month (The SaaS CFO; SaaS Metrics Standards Board). Churn is not
// counted. Lag is as in [Efficiency.CAC]. It has no value if new customers pay nothing, the margin is not above 0, or the
// spend is negative.
func (e Efficiency) CACPayback(lag Lag) Figure {
	return e.figure(CACPayback, lag, SamePeriod, e.NewCustomers, func(s *efficiencySums) (num, den exact.Num, why string) {
		switch {
		case s.spend.Sign() < 0:
			why = spendNegative
		case s.newMRR.Sign() <= 0:
			why = noNewMRR
		case !s.profitable():
			why = noMargin
		}
		return s.spend.Mul(s.marginDen), s.newMRR.Mul(s.marginNum), why
	})
}

// CACPaybackSimple returns spend ÷ NewMRR: the months until the revenue of new customers, without what it costs to serve
// them, has paid for their acquisition. Lag is as in [Efficiency.CAC]. It has no value if new customers pay nothing, or the
// spend is negative.
func (e Efficiency) CACPaybackSimple(lag Lag) Figure {
	return e.figure(CACPaybackSimple, lag, SamePeriod, e.NewCustomers, func(s *efficiencySums) (num, den exact.Num, why string) {
		switch {
		case s.spend.Sign() < 0:
			why = spendNegative
		case s.newMRR.Sign() <= 0:
			why = noNewMRR
		}
		return s.spend, s.newMRR, why
	})
}

// LTV returns the lifetime value of a customer: MRR ÷ Customers × GrossMargin ÷ churn, which is the gross profit of 1 ÷ churn
// months. Churn is a monthly rate, such as the Parts of [Recurring.LogoChurn] over a month; nil is no rate. It has no value
// if there are no customers or they pay nothing, or the margin or churn is not above 0: without churn a lifetime has no end,
// and nobody knows how long it will be. Some tools then assume a churn, such as 1.67 % (Stripe); [Efficiency.LTVHorizon]
// needs none.
func (e Efficiency) LTV(churn *Ratio[decimal.Decimal]) Figure {
	return e.figure(LTV, SamePeriod, SamePeriod, e.Customers, func(s *efficiencySums) (num, den exact.Num, why string) {
		return s.lifetime(churn)
	}).in(e.Currency)
}

// LTVToCAC returns [Efficiency.LTV] ÷ [Efficiency.CAC]. It has no value where one of them has none, or the spend is 0.
func (e Efficiency) LTVToCAC(churn *Ratio[decimal.Decimal], lag Lag) Figure {
	return e.figure(LTVToCAC, lag, SamePeriod, e.Customers, func(s *efficiencySums) (num, den exact.Num, why string) {
		num, den, why = s.lifetime(churn)
		switch {
		case why != "":
		case s.newCustomers.Sign() <= 0:
			why = noneCustomer
		case s.spend.Sign() < 0:
			why = spendNegative
		}
		return num.Mul(s.newCustomers), den.Mul(s.spend), why
	})
}

// LTVHorizon returns the value of a customer up to a horizon: Σ survival[t] × m ÷ (1 + discount)^t, m being the monthly gross
// profit of a customer, MRR ÷ Customers × GrossMargin. survival[t] is the probability of being a customer still after t
// months, so that survival[0] is 1 or a little less; it may come from a curve of Kaplan and Meier, and ends where the horizon
// does. Customers pay in advance. discount is a rate per month, 0 for none. With a constant churn, no discount and a long
// horizon the sum comes to [Efficiency.LTV]. It has no value if there are no customers or they pay nothing, the margin is not
// above 0, or there is no month.
//
// LTVHorizon returns an error ([ErrInput]) if:
//   - a probability is not 0 to 1, or above the one before
//   - discount is negative or not finite
func (e Efficiency) LTVHorizon(survival []float64, discount float64) (Figure, error) {
	var f faults
	if !(discount >= 0) || math.IsInf(discount, 1) {
		f.add(ErrInput, "", "discount", floatText(discount), "must be 0 or more: a rate per month, such as 0.01")
	}
	last := 1.0
	for t, p := range survival {
		if !(p >= 0 && p <= last) {
			f.add(ErrInput, "", "survival/"+intText(int64(t)), floatText(p), "must be 0 to 1, and not above the one before")
			continue
		}
		last = p
	}
	if err := f.err(); err != nil {
		return Figure{}, err
	}
	month := e.figure(LTVHorizon, SamePeriod, SamePeriod, e.Customers, func(s *efficiencySums) (num, den exact.Num, why string) {
		if len(survival) == 0 {
			return num, den, "the horizon has no month"
		}
		return s.monthOfCustomer()
	})
	if month.Value == nil {
		return month, nil
	}
	months := 0.0
	for _, s := range slices.Backward(survival) {
		months = s + months/(1+discount)
	}
	return valueOf(LTVHorizon, *month.Value*months, e.Customers).in(e.Currency), nil
}

// MagicNumber returns (Revenue − RevenueBefore) × 4 ÷ SpendBefore of a quarter: what a unit of spend added to a year's
// revenue (Leckie 2008; Scale Venture Partners). So it is defined with [PeriodBefore]; with [SamePeriod] it is set against
// Spend, which a note tells. One quarter is noisy. It has no value if the spend is not above 0.
func (e Efficiency) MagicNumber(lag Lag) Figure {
	return e.perSpend(MagicNumber, lag, func(s *efficiencySums) exact.Num {
		return s.revenue.Sub(s.revenueBefore).Mul(exact.Int(4))
	})
}

// MagicNumberARR returns NetNewARR ÷ SpendBefore: the magic number by recurring revenue sold, which does not wait for revenue
// to be recognised; also called net sales efficiency. Lag is as in [Efficiency.MagicNumber]. It has no value if the spend is
// not above 0.
func (e Efficiency) MagicNumberARR(lag Lag) Figure {
	return e.perSpend(MagicNumberARR, lag, func(s *efficiencySums) exact.Num { return s.netNewARR })
}

// MagicNumberGrossARR returns GrossNewARR ÷ SpendBefore: what was won, whatever was lost; also called gross sales efficiency.
// Lag is as in [Efficiency.MagicNumber]. It has no value if the spend is not above 0.
func (e Efficiency) MagicNumberGrossARR(lag Lag) Figure {
	return e.perSpend(MagicNumberGrossARR, lag, func(s *efficiencySums) exact.Num { return s.grossNewARR })
}

func (e Efficiency) perSpend(id ID, lag Lag, gain func(s *efficiencySums) exact.Num) Figure {
	return e.figure(id, lag, PeriodBefore, 0, func(s *efficiencySums) (num, den exact.Num, why string) {
		return gain(s), s.spend, ""
	})
}

// BurnMultiple returns NetBurn ÷ NetNewARR: how much cash a unit of new ARR has cost (Sacks 2020). It is negative if cash was
// made. It has no value if ARR did not grow.
func (e Efficiency) BurnMultiple() Figure {
	return e.figure(BurnMultiple, SamePeriod, SamePeriod, 0, func(s *efficiencySums) (num, den exact.Num, why string) {
		if s.netNewARR.Sign() <= 0 {
			why = "ARR did not grow"
		}
		return s.netBurn, s.netNewARR, why
	})
}

// RuleOf40 returns (Revenue − RevenueYearAgo) ÷ RevenueYearAgo + Profit ÷ Revenue: growth over the year and profit margin,
// which should be 0.4 or more together (Feld 2015). It has no value if one of the revenues is not above 0.
func (e Efficiency) RuleOf40() Figure {
	return e.figure(RuleOf40, SamePeriod, SamePeriod, 0, func(s *efficiencySums) (num, den exact.Num, why string) {
		if s.revenue.Sign() <= 0 || s.revenueYearAgo.Sign() <= 0 {
			why = "there is no revenue in the period, or none a year ago"
		}
		growth := s.revenue.Sub(s.revenueYearAgo).Mul(s.revenue)
		return growth.Add(s.profit.Mul(s.revenueYearAgo)), s.revenueYearAgo.Mul(s.revenue), why
	})
}

// efficiencySums are the sums as numbers to count with; spend is that which the lag asks for.
type efficiencySums struct {
	spend, newCustomers, newMRR, customers, mrr, marginNum, marginDen, netNewARR, grossNewARR,
	revenue, revenueBefore, revenueYearAgo, profit, netBurn exact.Num
}

// figure is the quotient of what parts makes of the sums, unless it has a reason why there is none. Where the lag is not the
// usual one a note tells.
func (e Efficiency) figure(
	id ID, lag, usual Lag, n int64, parts func(s *efficiencySums) (num, den exact.Num, why string),
) Figure {
	if e.fields().check(ErrInput) != nil {
		return noValue(id, 0, badSums)
	}
	of := exact.From // all passed the check
	s := efficiencySums{
		spend: of(e.Spend), newCustomers: exact.Int(e.NewCustomers), newMRR: of(e.NewMRR),
		customers: exact.Int(e.Customers), mrr: of(e.MRR), marginNum: of(e.GrossMargin.Num), marginDen: of(e.GrossMargin.Den),
		netNewARR: of(e.NetNewARR), grossNewARR: of(e.GrossNewARR),
		revenue: of(e.Revenue), revenueBefore: of(e.RevenueBefore), revenueYearAgo: of(e.RevenueYearAgo),
		profit: of(e.Profit), netBurn: of(e.NetBurn),
	}
	note := "set against the spend of the same period"
	if lag == PeriodBefore {
		s.spend = of(e.SpendBefore)
		note = "set against the spend of the period before"
	}
	num, den, why := parts(&s)
	if why != "" {
		return noValue(id, n, why)
	}
	f := quotient(id, num, den, n, noSpend)
	if lag != usual {
		f = f.note(note)
	}
	return f
}

func (s *efficiencySums) profitable() bool { return s.marginNum.Sign() > 0 && s.marginDen.Sign() > 0 }

// monthOfCustomer is the gross profit of one customer in a month.
func (s *efficiencySums) monthOfCustomer() (num, den exact.Num, why string) {
	switch {
	case s.customers.Sign() <= 0:
		why = "there is no customer"
	case s.mrr.Sign() <= 0:
		why = "customers pay nothing"
	case !s.profitable():
		why = noMargin
	}
	return s.mrr.Mul(s.marginNum), s.customers.Mul(s.marginDen), why
}

// lifetime is the gross profit of one customer in 1 ÷ churn months.
func (s *efficiencySums) lifetime(churn *Ratio[decimal.Decimal]) (num, den exact.Num, why string) {
	if churn == nil {
		return num, den, "there is no churn rate"
	}
	lost, base, ok := churn.parts()
	if !ok || base.Sign() < 0 {
		return num, den, "the churn rate has no value"
	}
	if lost.Sign() <= 0 {
		return num, den, "churn is not above 0, so that a lifetime has no end"
	}
	num, den, why = s.monthOfCustomer()
	return num.Mul(base), den.Mul(lost), why
}

// efficiencyKPIs defines the KPIs of go-to-market efficiency.
func efficiencyKPIs() []Definition {
	const lagged = "; by an option the spend of the "
	return []Definition{
		{
			ID: CAC, Name: "Customer acquisition cost",
			Formula: "spend on sales and marketing ÷ new customers",
			Unit:    UnitMoney, Better: Lower, Additivity: Proportional,
			Undefined: "no customer was won" + lagged + "period before",
			Source:    "The SaaS CFO", From: "Efficiency.CAC",
		},
		{
			ID: CACPayback, Name: "CAC payback",
			Formula: "spend ÷ (MRR of new customers × gross margin)",
			Unit:    UnitMonths, Better: Lower, Additivity: Distribution,
			Undefined: "new customers pay nothing, or the margin is not above 0" + lagged + "period before",
			Source:    "The SaaS CFO", From: "Efficiency.CACPayback",
			Others: []ID{CACPaybackSimple},
		},
		{
			ID: CACPaybackSimple, Name: "CAC payback by revenue",
			Formula: "spend ÷ MRR of new customers",
			Unit:    UnitMonths, Better: Lower, Additivity: Proportional,
			Undefined: "new customers pay nothing" + lagged + "period before",
			Source:    "SaaS practice", From: "Efficiency.CACPaybackSimple",
			Others: []ID{CACPayback},
		},
		{
			ID: LTV, Name: "Lifetime value",
			Formula: "MRR ÷ customers × gross margin ÷ monthly churn",
			Unit:    UnitMoney, Better: Higher, Additivity: Distribution,
			Undefined: "no customers, or margin or churn is not above 0",
			Source:    "Skok", From: "Efficiency.LTV",
			Others: []ID{LTVHorizon},
		},
		{
			ID: LTVHorizon, Name: "Lifetime value up to a horizon",
			Formula: "Σ survival(t) × MRR ÷ customers × gross margin ÷ (1 + discount)^t",
			Unit:    UnitMoney, Better: Higher, Additivity: Distribution,
			Undefined: "no customers, the margin is not above 0, or there is no month",
			Source:    "Gupta and Lehmann", From: "Efficiency.LTVHorizon",
			Others: []ID{LTV},
		},
		{
			ID: LTVToCAC, Name: "LTV to CAC",
			Formula: "LTV ÷ CAC",
			Unit:    UnitTimes, Better: Higher, Additivity: Distribution,
			Undefined: "LTV or CAC has no value, or the spend is 0",
			Source:    "Skok", From: "Efficiency.LTVToCAC",
		},
		{
			ID: MagicNumber, Name: "Magic number",
			Formula: "(revenue − that of the quarter before) × 4 ÷ spend of the quarter before",
			Unit:    UnitTimes, Better: Higher, Additivity: Proportional,
			Undefined: "the spend is not above 0" + lagged + "same quarter",
			Source:    "Scale Venture Partners", From: "Efficiency.MagicNumber",
			Others: []ID{MagicNumberARR, MagicNumberGrossARR},
		},
		{
			ID: MagicNumberARR, Name: "Magic number by net new ARR",
			Formula: "net new ARR ÷ spend of the quarter before",
			Unit:    UnitTimes, Better: Higher, Additivity: Proportional,
			Undefined: "the spend is not above 0" + lagged + "same quarter",
			Source:    "SaaS practice", From: "Efficiency.MagicNumberARR",
			Others: []ID{MagicNumber, MagicNumberGrossARR},
		},
		{
			ID: MagicNumberGrossARR, Name: "Magic number by gross new ARR",
			Formula: "gross new ARR ÷ spend of the quarter before",
			Unit:    UnitTimes, Better: Higher, Additivity: Proportional,
			Undefined: "the spend is not above 0" + lagged + "same quarter",
			Source:    "SaaS practice", From: "Efficiency.MagicNumberGrossARR",
			Others: []ID{MagicNumber, MagicNumberARR},
		},
		{
			ID: BurnMultiple, Name: "Burn multiple",
			Formula: "net burn ÷ net new ARR",
			Unit:    UnitTimes, Better: Lower, Additivity: Proportional,
			Undefined: "ARR did not grow; negative if cash was made",
			Source:    "Sacks", From: "Efficiency.BurnMultiple",
		},
		{
			ID: RuleOf40, Name: "Rule of 40",
			Formula: "growth of revenue over the year + profit ÷ revenue",
			Unit:    UnitShare, Better: Higher, Additivity: Distribution,
			Undefined: "the revenue of the period or of a year ago is not above 0",
			Source:    "Feld", From: "Efficiency.RuleOf40",
		},
	}
}

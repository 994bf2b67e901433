package metrics

import "github.com/salesops-go/salesops/internal/exact"

// The KPIs of recurring revenue.
const (
	MRR                    ID = "mrr"                      // monthly recurring revenue at the end
	ARR                    ID = "arr"                      // annual recurring revenue as 12 × MRR
	ContractARR            ID = "arr_contracts"            // annual recurring revenue as the sum of contracts
	ARPA                   ID = "arpa"                     // average revenue per account and month
	NetNewMRR              ID = "net_new_mrr"              // MRR won less MRR lost
	MRRGrowth              ID = "mrr_growth"               // net new MRR as a share of that at the start
	NRR                    ID = "nrr"                      // net revenue retention of the customers at the start
	NRRBridge              ID = "nrr_bridge"               // the same with those who came back
	GRR                    ID = "grr"                      // gross revenue retention of the customers at the start
	LogoChurn              ID = "logo_churn"               // share of customers lost
	RevenueChurn           ID = "revenue_churn"            // share of MRR lost
	NetRevenueChurn        ID = "net_revenue_churn"        // share of MRR lost, less what was gained from old customers
	DailyChurn             ID = "daily_churn"              // churn of the days, compounded
	DailyChurnSum          ID = "daily_churn_sum"          // churn of the days, added up
	QuickRatio             ID = "quick_ratio"              // MRR gained from new and present customers for each unit lost
	QuickRatioReactivation ID = "quick_ratio_reactivation" // the same with those who came back
	ACV                    ID = "acv"                      // annual contract value, short contracts annualised
	ACVAsSold              ID = "acv_as_sold"              // annual contract value, short contracts as they are
	MonthlyValue           ID = "monthly_value"            // contract value per month
)

// MRR returns the monthly recurring revenue at the end; N is the number of customers. Of a bridge of ARR it is the ARR.
func (r Recurring) MRR() Figure {
	return r.figure(MRR, r.EndCustomers, func(b *bridge) (num, den exact.Num) { return b.end, exact.Int(1) }, "")
}

// ARR returns 12 × MRR at the end. [ActiveARR] is the other reading of the name, the sum of contracts.
func (r Recurring) ARR() Figure {
	return r.figure(ARR, r.EndCustomers, func(b *bridge) (num, den exact.Num) {
		return exact.Int(12).Mul(b.end), exact.Int(1)
	}, "")
}

// ARPA returns the average revenue per account: MRR at the end ÷ customers at the end. It has no value if there are none.
func (r Recurring) ARPA() Figure {
	return r.figure(ARPA, r.EndCustomers, func(b *bridge) (num, den exact.Num) { return b.end, exact.Int(r.EndCustomers) },
		"there is no customer at the end")
}

// NetNewMRR returns New + Expansion + Reactivation − Contraction − Churn.
func (r Recurring) NetNewMRR() Figure {
	n := exact.Int(r.NewCustomers).Add(exact.Int(r.ExpandedCustomers)).Add(exact.Int(r.ReactivatedCustomers)).
		Add(exact.Int(r.ContractedCustomers)).Add(exact.Int(r.ChurnedCustomers))
	movers, _ := n.Int64()
	return r.figure(NetNewMRR, movers, func(b *bridge) (num, den exact.Num) { return b.net(), exact.Int(1) }, "")
}

// nothingAtStart is why a share of the start has no value.
const nothingAtStart = "nothing recurred at the start"

// Growth returns (End − Start) ÷ Start. It has no value if Start is 0.
func (r Recurring) Growth() Figure {
	return r.ofStart(MRRGrowth, func(b *bridge) exact.Num { return b.net() })
}

// NRR returns the net revenue retention of the cohort of the start: (Start + Expansion − Contraction − Churn) ÷ Start, which
// is what the customers of the start pay at the end ÷ what they paid at the start. New and reactivated customers are not in
// the cohort (Kellblog; as Confluent and GitLab report it). It has no value if Start is 0.
func (r Recurring) NRR() Figure {
	return r.ofStart(NRR, func(b *bridge) exact.Num { return b.start.Add(b.expansion).Sub(b.lost()) })
}

// NRRBridge returns (Start + Expansion + Reactivation − Contraction − Churn) ÷ Start: the short cut over the bridge, which counts
// as retained the revenue of customers who were away at the start. It is 1 − [Recurring.NetRevenueChurn], and never below
// [Recurring.NRR]. It has no value if Start is 0.
func (r Recurring) NRRBridge() Figure {
	return r.ofStart(NRRBridge, func(b *bridge) exact.Num { return b.start.Add(b.expansion).Add(b.reactivation).Sub(b.lost()) })
}

// GRR returns the gross revenue retention: (Start − Contraction − Churn) ÷ Start (SaaS Metrics Standards Board), from 0 to 1. As
// movements are net per customer it is Σ min(end, start) ÷ Σ start over the customers of the start; a log of all ups and downs
// gives less, as it holds a dip against a customer who has recovered. It has no value if Start is 0.
func (r Recurring) GRR() Figure {
	return r.ofStart(GRR, func(b *bridge) exact.Num { return b.start.Sub(b.lost()) })
}

// LogoChurn returns ChurnedCustomers ÷ StartCustomers with its interval at the level of confidence, 0 being 0.95 (see [Wilson];
// there is no interval if level is not between 0 and 1). Who came and left, or left and came back, within the period is no
// churn. It has no value if there was no customer at the start.
func (r Recurring) LogoChurn(level float64) Figure {
	if r.Check() != nil {
		return noValue(LogoChurn, r.StartCustomers, badBridge)
	}
	return shareOf(LogoChurn, r.ChurnedCustomers, r.StartCustomers, level, "there was no customer at the start")
}

// RevenueChurn returns (Contraction + Churn) ÷ Start, the gross MRR churn rate: 1 − [Recurring.GRR]. It has no value if Start
// is 0.
func (r Recurring) RevenueChurn() Figure {
	return r.ofStart(RevenueChurn, func(b *bridge) exact.Num { return b.lost() })
}

// NetRevenueChurn returns (Contraction + Churn − Expansion − Reactivation) ÷ Start, the net MRR churn rate (ChartMogul). It is
// below 0 where old customers bring more than is lost. It has no value if Start is 0.
func (r Recurring) NetRevenueChurn() Figure {
	return r.ofStart(NetRevenueChurn, func(b *bridge) exact.Num { return b.lost().Sub(b.expansion).Sub(b.reactivation) })
}

// nothingLost is why a quick ratio has no value.
const nothingLost = "nothing was lost"

// QuickRatio returns (New + Expansion) ÷ (Contraction + Churn), as Hamid defined it and Baremetrics computes it. It has no
// value if nothing was lost.
func (r Recurring) QuickRatio() Figure {
	return r.figure(QuickRatio, r.StartCustomers, func(b *bridge) (num, den exact.Num) {
		return b.new.Add(b.expansion), b.lost()
	}, nothingLost)
}

// QuickRatioReactivation returns (New + Expansion + Reactivation) ÷ (Contraction + Churn): who comes back counts as gained, too.
// It has no value if nothing was lost.
func (r Recurring) QuickRatioReactivation() Figure {
	return r.figure(QuickRatioReactivation, r.StartCustomers, func(b *bridge) (num, den exact.Num) {
		return b.new.Add(b.expansion).Add(b.reactivation), b.lost()
	}, nothingLost)
}

// badBridge is why figures of a bridge with faults have no value.
const badBridge = "the bridge has faults: Check tells which"

// figure is the quotient of two sums of the bridge.
func (r Recurring) figure(id ID, n int64, parts func(b *bridge) (num, den exact.Num), reason string) Figure {
	var f faults
	b := f.bridge(ErrInput, &r)
	if f.err() != nil {
		return noValue(id, max(n, 0), badBridge).in(r.Currency)
	}
	num, den := parts(&b)
	fig := quotient(id, num, den, n, reason)
	return fig.in(r.Currency)
}

// ofStart is the share of the start that a sum of the bridge is.
func (r Recurring) ofStart(id ID, part func(b *bridge) exact.Num) Figure {
	f := r.figure(id, r.StartCustomers, func(b *bridge) (num, den exact.Num) { return part(b), b.start }, nothingAtStart)
	return f.in("") // a share has no currency
}

// recurringKPIs defines the KPIs of recurring revenue.
func recurringKPIs() []Definition {
	const noStart = "nothing recurred at the start"
	return []Definition{
		{
			ID: MRR, Name: "Monthly recurring revenue",
			Formula: "Σ monthly value of active subscriptions at the end",
			Unit:    UnitMoney, Better: Higher, Additivity: SemiAdditive,
			Undefined: "never: 0 without customers; one-time fees, services and usage are left out",
			Source:    "ChartMogul", From: "Recurring.MRR",
		},
		{
			ID: ARR, Name: "Annual recurring revenue",
			Formula: "12 × MRR",
			Unit:    UnitMoneyPerYear, Better: Higher, Additivity: SemiAdditive,
			Undefined: "never: 0 without customers",
			Source:    "ChartMogul", From: "Recurring.ARR",
			Others: []ID{ContractARR},
		},
		{
			ID: ContractARR, Name: "Annual recurring revenue by contracts",
			Formula: "Σ 12 × value ÷ months of the contracts active on a date",
			Unit:    UnitMoneyPerYear, Better: Higher, Additivity: SemiAdditive,
			Undefined: "never: 0 without contracts",
			Source:    "SaaS practice", From: "ActiveARR",
			Others: []ID{ARR},
		},
		{
			ID: ARPA, Name: "Average revenue per account",
			Formula: "MRR ÷ customers, both at the end",
			Unit:    UnitMoney, Better: Higher, Additivity: Proportional,
			Undefined: "no customer at the end",
			Source:    "ChartMogul", From: "Recurring.ARPA",
		},
		{
			ID: NetNewMRR, Name: "Net new MRR",
			Formula: "new + expansion + reactivation − contraction − churn",
			Unit:    UnitMoney, Better: Higher, Additivity: Additive,
			Undefined: "never",
			Source:    "ChartMogul", From: "Recurring.NetNewMRR",
		},
		{
			ID: MRRGrowth, Name: "MRR growth",
			Formula: "(end − start) ÷ start",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: noStart,
			Source:    "ChartMogul", From: "Recurring.Growth",
		},
		{
			ID: NRR, Name: "Net revenue retention",
			Formula: "(start + expansion − contraction − churn) ÷ start",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: noStart + "; new and reactivated customers are left out",
			Source:    "Kellblog", From: "Recurring.NRR",
			Others: []ID{NRRBridge},
		},
		{
			ID: NRRBridge, Name: "Net revenue retention with reactivation",
			Formula: "(start + expansion + reactivation − contraction − churn) ÷ start",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: noStart + "; new customers are left out",
			Source:    "ChartMogul", From: "Recurring.NRRBridge",
			Others: []ID{NRR},
		},
		{
			ID: GRR, Name: "Gross revenue retention",
			Formula: "(start − contraction − churn) ÷ start",
			Unit:    UnitShare, Better: Higher, Additivity: Proportional,
			Undefined: noStart,
			Source:    "SaaS Metrics Standards Board", From: "Recurring.GRR",
		},
		{
			ID: LogoChurn, Name: "Customer churn",
			Formula: "customers lost ÷ customers at the start",
			Unit:    UnitShare, Better: Lower, Additivity: Proportional,
			Undefined: "no customer at the start; who joins and leaves within the period is left out",
			Source:    "ChartMogul", From: "Recurring.LogoChurn",
			Others: []ID{DailyChurn, DailyChurnSum},
		},
		{
			ID: RevenueChurn, Name: "Gross revenue churn",
			Formula: "(contraction + churn) ÷ start",
			Unit:    UnitShare, Better: Lower, Additivity: Proportional,
			Undefined: noStart,
			Source:    "ChartMogul", From: "Recurring.RevenueChurn",
			Others: []ID{NetRevenueChurn, DailyChurn, DailyChurnSum},
		},
		{
			ID: NetRevenueChurn, Name: "Net revenue churn",
			Formula: "(contraction + churn − expansion − reactivation) ÷ start",
			Unit:    UnitShare, Better: Lower, Additivity: Proportional,
			Undefined: noStart + "; below 0 if old customers bring more than is lost",
			Source:    "ChartMogul", From: "Recurring.NetRevenueChurn",
			Others: []ID{RevenueChurn, DailyChurn, DailyChurnSum},
		},
		{
			ID: DailyChurn, Name: "Churn by days, compounded",
			Formula: "1 − Π (1 − lost on the day ÷ at the start of the day)",
			Unit:    UnitShare, Better: Lower, Additivity: Distribution,
			Undefined: "nothing at the start of any day; a day without anything counts as one without loss",
			Source:    "Kaplan and Meier", From: "DailyChurnOf",
			Others: []ID{DailyChurnSum, LogoChurn, RevenueChurn, NetRevenueChurn},
		},
		{
			ID: DailyChurnSum, Name: "Churn by days, added up",
			Formula: "Σ lost on the day ÷ at the start of the day",
			Unit:    UnitShare, Better: Lower, Additivity: Distribution,
			Undefined: "nothing at the start of any day; may exceed 1",
			Source:    "ChartMogul (the Shopify formula)", From: "DailyChurnSumOf",
			Others: []ID{DailyChurn, LogoChurn, RevenueChurn, NetRevenueChurn},
		},
		{
			ID: QuickRatio, Name: "Quick ratio",
			Formula: "(new + expansion) ÷ (contraction + churn)",
			Unit:    UnitTimes, Better: Higher, Additivity: Proportional,
			Undefined: "nothing was lost",
			Source:    "Baremetrics", From: "Recurring.QuickRatio",
			Others: []ID{QuickRatioReactivation},
		},
		{
			ID: QuickRatioReactivation, Name: "Quick ratio with reactivation",
			Formula: "(new + expansion + reactivation) ÷ (contraction + churn)",
			Unit:    UnitTimes, Better: Higher, Additivity: Proportional,
			Undefined: "nothing was lost",
			Source:    "BigDelta", From: "Recurring.QuickRatioReactivation",
			Others: []ID{QuickRatio},
		},
		{
			ID: ACV, Name: "Annual contract value",
			Formula: "12 × recurring value ÷ months",
			Unit:    UnitMoneyPerYear, Better: Higher, Additivity: Additive,
			Undefined: "the term is no number of months; a term under a year is annualised",
			Source:    "Orb", From: "Contract.ACV",
			Others: []ID{ACVAsSold},
		},
		{
			ID: ACVAsSold, Name: "Annual contract value, short terms as sold",
			Formula: "12 × recurring value ÷ max(months, 12)",
			Unit:    UnitMoneyPerYear, Better: Higher, Additivity: Additive,
			Undefined: "the term is no number of months; a term under a year counts with its value",
			Source:    "SaaS practice", From: "Contract.ACVAsSold",
			Others: []ID{ACV},
		},
		{
			ID: MonthlyValue, Name: "Monthly contract value",
			Formula: "recurring value ÷ months",
			Unit:    UnitMoney, Better: Higher, Additivity: Additive,
			Undefined: "the term is no number of months",
			Source:    "ChartMogul", From: "Contract.MonthlyValue",
		},
	}
}

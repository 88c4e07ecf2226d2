/* Deliberation, bargaining and choice: the second half of limit.c. */

/* Wright's omega, from the product's table; beyond it the product iterates, which no market of the benchmark needs. */
static double omega(const World *w, double z) {
    if (z < FIRST) return exp(z);
    double place = (z - FIRST) * STEPS;
    int64_t left = (int64_t)place;
    if (left >= w->n_omega - 1) return NAN;
    double share = place - (double)left;
    const double *at = &w->omega[2 * left];
    double rise = at[2] - at[0];
    double bend = (3.0 * rise - 2.0 * at[1] - at[3]) + share * (at[1] + at[3] - 2.0 * rise);
    return at[0] + share * (at[1] + share * bend);
}

static void look_at_offers(World *w, Purchase *p, int week) {
    const Settings *s = w->settings;
    const Customer *c = &w->customers[p->customer];
    double depth = 0.0, access = 0.0, breadth = 0.0, ratio = 1.0;
    int ready = 0;
    for (int d = p->first_deal; d < p->first_deal + p->n_deals; d++) {
        Deal *deal = &w->deals[d];
        if (deal->stage != READY) continue;
        Relation *r = relation_of(w, p->customer, deal->vendor);
        fade(r, w->trends, week);
        depth = max(depth, deal->depth);
        access = max(access, r->access);
        breadth += deal->breadth;
        ready++;
        if (deal->subscription == 1) ratio = s->buying_subscription_consensus;
    }
    double relief = 1.0 - s->buying_depth_relief * depth;
    double package = s->buying_package_confusion * breadth / max(1.0, ready);
    double confusion = min(1.0, c->complexity * (1.0 - c->competence) * relief * (1.0 + package));
    p->willing = s->buying_convince_chance * (1.0 - confusion) * (1.0 - confusion) * ratio;
    p->access = access;
    p->changed = 0;
}

static void worth_of(World *w, Deal *deal, const Customer *c, const Relation *r, double deepest) {
    const Settings *s = w->settings;
    double trust = trust_in(r), persuasion = 1.0 - exp(-deal->presentation_hours / s->worth_persuasion_hours);
    double heard = trust + 0.5 * (1.0 - trust) * persuasion * (1.0 - c->competence);
    deal->perceived_fit = heard * deal->promise + (1.0 - heard) * 0.5 * (deal->promise + s->worth_prior);
    double known = max(deal->depth, s->worth_spillover * deepest);
    double doubt = c->complexity * (1.0 - c->competence) * (1.0 - known);
    deal->uncertainty = doubt * (1.0 - 0.5 * trust) * (1.0 - 0.4 * r->access);
    if (deal->subscription == 1) deal->uncertainty *= s->worth_subscription_uncertainty;
    deal->access = r->access;
    deal->trust_closing = trust;
    deal->worth = s->worth_perceived_fit * deal->perceived_fit + s->worth_lead * w->vendors[deal->vendor].lead + s->worth_access * r->access;
    deal->worth += s->worth_incumbent * deal->incumbent - s->worth_uncertainty * deal->uncertainty;
}

static int lay_table(World *w, const Purchase *p, const Customer *c, int week) {
    double deepest = 0.0;
    int n = 0;
    for (int d = p->first_deal; d < p->first_deal + p->n_deals; d++)
        if (w->deals[d].stage == READY) {
            w->table[n++].deal = d;
            deepest = max(deepest, w->deals[d].depth);
        }
    for (int i = 0; i < n; i++) {
        Deal *deal = &w->deals[w->table[i].deal];
        Relation *r = relation_of(w, p->customer, deal->vendor);
        fade(r, w->trends, week);
        worth_of(w, deal, c, r, deepest);
    }
    return n;
}

static double unit_cost(const World *w, const Deal *deal, int week) {
    return (w->settings->bargaining_unit_cost_share + w->settings->bargaining_package_cost * deal->breadth) * w->trends[week].cost;
}

static double push_of(const Settings *s, const Salesperson *person, const Levers *now, int week) {
    if (week % 13 < 11 || person->quota_k <= 0.0) return 0.0;
    return s->bargaining_quarter_push * now->quota_accelerator * max(0.0, 1.0 - person->booked_k / person->quota_k);
}

static void ask(World *w, Offer *offer, Deal *deal, const Customer *c, int week) {
    const Settings *s = w->settings;
    const Levers *now = levers_of(w, deal->vendor, NOW);
    deal->reference_price = c->reference;
    if (deal->partner >= 0) {
        const Partner *partner = &w->partners[deal->partner];
        deal->partner_cost = 1.0 - partner->discount * (1.0 - now->rebate_share);
        deal->rebate_promised_k = partner->discount * now->rebate_share * deal->list_price_k;
        offer->cost = deal->partner_cost - s->partners_rebate_regard * partner->discount * now->rebate_share;
        double room = s->partners_room_floor + s->partners_room_taught * partner->capability;
        offer->limit = partner->rivals > 0 ? offer->cost + room / partner->rivals : 1e9;
        offer->floor = 0.0;
        deal->reference_price -= now->visible * max(0.0, c->reference - deal->partner_cost);
    } else {
        double push = push_of(s, &w->salespeople[deal->salesperson], now, week);
        double seen = 1.0 - s->bargaining_revenue_blindness * (1.0 - now->commission_on_margin) - push;
        offer->cost = unit_cost(w, deal, week) * max(0.0, seen);
        offer->limit = 1e9;
        offer->floor = 1.0 - now->price_authority;
    }
}

static void weigh(World *w, int n, const Customer *c, double slope) {
    const Settings *s = w->settings;
    double mean = 0.0, lowest = 1e9;
    for (int i = 0; i < n; i++) mean += w->deals[w->table[i].deal].worth;
    mean /= n;
    for (int i = 0; i < n; i++) {
        Deal *deal = &w->deals[w->table[i].deal];
        deal->worth = (1.0 - c->perceived_sameness) * deal->worth + c->perceived_sameness * mean;
        deal->perceived_sameness = c->perceived_sameness;
        lowest = min(lowest, deal->worth);
    }
    double anchor = slope * s->bargaining_reference_weight / (1.0 + s->bargaining_reference_weight);
    for (int i = 0; i < n; i++) {
        Offer *offer = &w->table[i];
        Deal *deal = &w->deals[offer->deal];
        deal->worth_believed = deal->depth * deal->worth + (1.0 - deal->depth) * (lowest - s->bargaining_ignorance_discount);
        offer->appeal = deal->worth + anchor * deal->reference_price;
        offer->appeal_believed = deal->worth_believed + anchor * deal->reference_price;
        offer->rounds = s->bargaining_rounds * (1.0 - s->bargaining_access_patience * deal->access);
    }
}

static void bargain(const World *w, Offer *table, int n, double slope, double scale) {
    const Settings *s = w->settings;
    double best = s->worth_nothing, steep = slope / scale;
    for (int i = 0; i < n; i++) best = max(best, table[i].appeal - slope * table[i].cost);
    for (int i = 0; i < n; i++) {
        table[i].height = (table[i].appeal - best) / scale;
        table[i].price = 1.0, table[i].pass_through = 0.0;
    }
    double idle = exp((s->worth_nothing - best) / scale);
    for (int round = 0; round < (int)s->bargaining_rounds; round++) {
        for (int i = 0; i < n; i++) table[i].pull = exp(table[i].height - steep * table[i].price);
        for (int i = 0; i < n; i++) {
            double others = idle;
            for (int j = 0; j < n; j++)
                if (j != i) others += table[j].pull;
            if (round >= table[i].rounds) continue;
            double z = (table[i].appeal_believed - slope * table[i].cost) / scale - 1.0 - (best / scale + log(others));
            double odds = omega(w, z);
            double reply = table[i].cost + scale / slope * (1.0 + odds);
            table[i].pass_through += s->bargaining_concession * (1.0 / (1.0 + odds) - table[i].pass_through);
            table[i].price += s->bargaining_concession * (reply - table[i].price);
        }
    }
    for (int i = 0; i < n; i++) {
        Offer *offer = &table[i];
        if (offer->price > offer->limit) offer->price = offer->limit, offer->pass_through = 1.0;
        if (offer->price < offer->floor) offer->price = offer->floor, offer->pass_through = 0.0;
        if (offer->price > 1.0) offer->price = 1.0, offer->pass_through = 0.0;
    }
}

static void price_in_money(Deal *deal, const Offer *offer, double cost) {
    int through = deal->partner >= 0;
    deal->price = offer->price;
    deal->price_k = deal->price * deal->list_price_k;
    deal->partner_cost_k = through ? deal->partner_cost * deal->list_price_k : deal->price_k;
    deal->pass_through = through ? offer->pass_through : NAN;
    deal->partner_margin_k = deal->price_k - deal->partner_cost_k;
    deal->net_price_k = deal->price_k - deal->partner_margin_k - deal->rebate_k;
    deal->unit_cost_k = cost * deal->list_price_k;
}

static int doubted_away(const World *w, int n, double slope, double scale, double nothing, double sameness) {
    double weight = w->settings->worth_uncertainty, mean = 0.0;
    for (int i = 0; i < n; i++) mean += weight * w->deals[w->table[i].deal].uncertainty / n;
    for (int i = 0; i < n; i++) {
        const Offer *offer = &w->table[i];
        double relief = (1.0 - sameness) * weight * w->deals[offer->deal].uncertainty + sameness * mean;
        if (offer->appeal - slope * offer->price + relief + scale * offer->taste > nothing) return 1;
    }
    return 0;
}

static void learn_from_offers(World *w, int n, Customer *c) {
    const Settings *s = w->settings;
    double exaggeration = 0.0, depth = 0.0;
    for (int i = 0; i < n; i++) {
        const Deal *deal = &w->deals[w->table[i].deal];
        exaggeration += max(0.0, deal->perceived_fit - deal->fit) / n;
        depth = max(depth, deal->depth);
    }
    if (s->loops_selling_sameness != 1.0) return;
    push_sameness(c, w->totals, s->trust_disappointment_sameness * exaggeration);
    push_sameness(c, w->totals, -s->trust_diagnosis_sameness * depth);
}

static int verdict_of(World *w, const Purchase *p, int week) {
    const Settings *s = w->settings;
    Customer *c = &w->customers[p->customer];
    if (week > c->sameness_week) {
        c->perceived_sameness = 1.0 - (1.0 - c->perceived_sameness) * w->trends[week - c->sameness_week].difference_left;
        c->sameness_week = week;
    }
    double sameness = c->perceived_sameness, usual = 1.0 - s->customers_initial_reference;
    double scale = s->commoditization_taste_spread * (1.0 - sameness) + s->commoditization_taste_floor;
    double sensitive = max(0.1, 1.0 + s->bargaining_discount_expectation_weight * (c->discount_expectation - usual));
    double slope = c->price_weight * sensitive * (1.0 + s->bargaining_reference_weight);
    int n = lay_table(w, p, c, week);
    for (int i = 0; i < n; i++) ask(w, &w->table[i], &w->deals[w->table[i].deal], c, week);
    weigh(w, n, c, slope);
    bargain(w, w->table, n, slope, scale);
    uint64_t key = (uint64_t)p->customer * 64;
    double nothing = s->worth_nothing + scale * gumbel(draw(w->seed, TASTE, key + 63, p->opened_week)), best = nothing;
    int winner = -1;
    for (int i = 0; i < n; i++) {
        Offer *offer = &w->table[i];
        Deal *deal = &w->deals[offer->deal];
        price_in_money(deal, offer, unit_cost(w, deal, week));
        if (deal->partner >= 0) {
            Partner *partner = &w->partners[deal->partner];
            partner->margin += s->partners_margin_memory * (deal->price - deal->partner_cost - partner->margin);
        }
        offer->taste = gumbel(draw(w->seed, TASTE, key + deal->vendor, p->opened_week));
        double score = offer->appeal - slope * offer->price + scale * offer->taste;
        if (score > best) best = score, winner = offer->deal;
    }
    learn_from_offers(w, n, c);
    if (winner >= 0) return BOUGHT + winner;
    return doubted_away(w, n, slope, scale, nothing, sameness) ? DOUBTED : WORTHLESS;
}

void limit_think(World *w, int week, int32_t *verdicts) {
    const Settings *s = w->settings;
    int growing = s->commoditization_complexity_growth_per_year != 0.0;
    for (int i = 0; i < w->totals->n_purchases; i++) {
        Purchase *p = &w->purchases[i];
        verdicts[i] = OPEN;
        if (p->won >= 0) continue;
        if (p->changed == 1 || growing) look_at_offers(w, p, week);
        else p->access *= w->trends[1].access_left;
        if (p->n_working + p->n_ready == 0) {
            verdicts[i] = EMPTY;
            continue;
        }
        int waited = p->offers_week >= 0 && week >= p->offers_week + (int)s->buying_late_after_weeks;
        if (p->n_ready > 0 && (p->n_working == 0 || waited)) {
            double chance = min(0.99, p->willing * (1.0 + s->buying_access_consensus * p->access));
            p->conviction += chance * (1.0 - p->conviction);
            if (p->conviction >= p->threshold) {
                verdicts[i] = verdict_of(w, p, week);
                continue;
            }
        }
        if (week - p->opened_week >= (int)s->buying_stall_after_weeks &&
            draw(w->seed, STALL, p->customer, week) < s->buying_stall_chance)
            verdicts[i] = STALLED;
    }
}

void limit_bargain_all(World *w, Offer *tables, const double *slopes, const double *scales, int64_t n_tables, int times) {
    for (int time = 0; time < times; time++)
        for (int64_t i = 0; i < n_tables; i++) bargain(w, &tables[i * w->n_vendors], (int)w->n_vendors, slopes[i], scales[i]);
}

using Chartroom.Platform.Tenancy;

namespace Chartroom.Orders;

/// <summary>An order that is open for longer than its outcome usually takes. Without its words: those are sealed under each patient's key, and its visit's page shows them.</summary>
public sealed record OverdueOrder(OrderId Id, PatientId PatientId, AppointmentId VisitId, OrderKind Kind, DateTimeOffset PlacedAt, string PlacedBy);

/// <summary>Asks for overdue orders.</summary>
/// <param name="Of">Who placed them; null: anybody.</param>
/// <param name="After">The last one of the page before; null for the first page.</param>
/// <param name="Most">So many and no more.</param>
public sealed record OverdueQuestion(StaffId? Of, OrderId? After, int Most);

/// <summary>Orders without an outcome, inside the caller's clinic transaction, which has audited why it asks. Those of charts that are shut to the asker are not among them.</summary>
public static class OverdueOrders
{
    /// <summary>Days after which a test or an image without a result is asked about, and a follow-up visit or a referral without an answer. A medicine has no outcome to wait for.</summary>
    public const int TestDays = 14, AnswerDays = 30;

    /// <summary>What is missing, as people say it.</summary>
    public static string Missing(OrderKind kind) => kind switch
    {
        OrderKind.Test or OrderKind.Imaging => "no result yet",
        OrderKind.FollowUp => "no visit yet",
        OrderKind.Referral => "no answer yet",
        _ => "open",
    };

    /// <summary>The kind in a word.</summary>
    public static string NameOf(OrderKind kind) => OrderWords.Of(kind);

    /// <summary>The oldest first.</summary>
    public static async Task<IReadOnlyList<OverdueOrder>> ListAsync(ClinicTx tx, OverdueQuestion ask, CancellationToken ct) =>
        (await tx.QueryAsync<Row>(Select, new { ask.Of, ask.After, ask.Most, tests = tx.Now.AddDays(-TestDays), answers = tx.Now.AddDays(-AnswerDays) }, ct))
            .ConvertAll(row => new OverdueOrder(row.Id, row.PatientId, row.VisitId, Enum.Parse<OrderKind>(row.Kind.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), row.PlacedAt, row.PlacedBy));

    private sealed record Row
    {
        public OrderId Id { get; init; }
        public PatientId PatientId { get; init; }
        public AppointmentId VisitId { get; init; }
        public string Kind { get; init; } = "";
        public DateTimeOffset PlacedAt { get; init; }
        public string PlacedBy { get; init; } = "";
    }

    private const string Select = """
        select visit_order.id, visit_order.patient_id, visit_order.appointment_id as visit_id, visit_order.kind, visit_order.placed_at, placer.display_name as placed_by
        from visit_order
        join staff as placer on placer.id = visit_order.placed_by
        join patient on patient.id = visit_order.patient_id and patient.is_here
        where visit_order.state = 'open' and visit_order.kind <> 'medicine' and (@of::uuid is null or visit_order.placed_by = @of) and visit_order.placed_at < @tests
            and (visit_order.kind in ('test', 'imaging') or visit_order.placed_at < @answers)
            and (@after::uuid is null or (visit_order.placed_at, visit_order.id) > (select last.placed_at, last.id from visit_order as last where last.id = @after))
        order by visit_order.placed_at, visit_order.id
        limit @most
        """;
}

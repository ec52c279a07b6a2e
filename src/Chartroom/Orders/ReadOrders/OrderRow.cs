using Chartroom.Platform.Vault;

namespace Chartroom.Orders;

/// <summary>A row of <c>visit_order</c>, still sealed.</summary>
internal sealed record OrderRow
{
    public required OrderId Id { get; init; }
    public required PatientId PatientId { get; init; }
    public required AppointmentId AppointmentId { get; init; }
    public required string Kind { get; init; }
    public required byte[] Content { get; init; }
    public required string State { get; init; }
    public required int Version { get; init; }
    public bool IsProposed { get; init; }
    public required string Placer { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public string? Ender { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public PlacedOrder Open(PatientKey key)
    {
        var content = key.Open<OrderContent>(Content, OrderBook.CellOf(Id));
        return new(Id, PatientId, AppointmentId, Enum.Parse<OrderKind>(Kind.Replace("_", "", StringComparison.Ordinal), ignoreCase: true), content.Words, content.Purpose,
            Enum.Parse<OrderState>(State, ignoreCase: true), Version)
        {
            Accepted = content.Accepted, PlacedBy = Placer, PlacedAt = PlacedAt, EndedBy = Ender, EndedAt = EndedAt, IsProposed = IsProposed,
        };
    }

    private const string Select = """
        select visit_order.id, visit_order.patient_id, visit_order.appointment_id, visit_order.kind, visit_order.content, visit_order.state, visit_order.version,
            visit_order.draft_id is not null as is_proposed, placer.display_name as placer, visit_order.placed_at, ender.display_name as ender, visit_order.ended_at
        from visit_order
        join staff as placer on placer.id = visit_order.placed_by
        left join staff as ender on ender.id = visit_order.ended_by
        """;

    public const string OfPatient = Select + """

        where visit_order.patient_id = @patient
        order by visit_order.state <> 'open', visit_order.placed_at desc, visit_order.id
        limit 200
        """;

    public const string OfVisit = Select + """

        where visit_order.appointment_id = @visit
        order by visit_order.state <> 'open', visit_order.placed_at, visit_order.id
        limit 200
        """;

    public const string Since = Select + """

        where visit_order.patient_id = @patient
            and ((visit_order.placed_at > @since and visit_order.placed_by <> @staff) or (visit_order.ended_at > @since and visit_order.ended_by <> @staff))
        order by coalesce(visit_order.ended_at, visit_order.placed_at) desc, visit_order.id
        limit 200
        """;

    public const string One = Select + """

        where visit_order.id = @id
        """;
}

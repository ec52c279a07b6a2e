using System.ComponentModel.DataAnnotations;

namespace Chartroom.OnlineBooking;

/// <summary>Limits of the public booking page, section <c>OnlineBooking</c>. All are exact over all nodes: the database counts.</summary>
public sealed class OnlineBookingSettings
{
    /// <summary>Times that one network (a /24, or a /64 of IPv6) may hold at once at a clinic.</summary>
    [Range(1, 100)] public int HoldsOfNetwork { get; set; } = 5;

    /// <summary>Times that one network may take in an hour at a clinic, lapsed ones too.</summary>
    [Range(1, 10_000)] public int HoldsOfNetworkAnHour { get; set; } = 30;

    /// <summary>Times of one provider's day that may be held at once by visitors who have not proved their address: so nobody blocks a day.</summary>
    [Range(1, 100)] public int HoldsOfProviderDay { get; set; } = 4;

    /// <summary>Times that may be held at once at a clinic.</summary>
    [Range(1, 1_000)] public int HoldsOfClinic { get; set; } = 40;

    /// <summary>A form that comes back sooner than this after its time was held was not filled in by a person. Seconds.</summary>
    [Range(0, 60)] public int LeastFillSeconds { get; set; } = 2;

    /// <summary>How long a code is good. Minutes.</summary>
    [Range(1, 60)] public int CodeMinutes { get; set; } = 10;

    /// <summary>How long a patient can take a cancellation by link back. Minutes.</summary>
    [Range(0, 1_440)] public int UndoCancelMinutes { get; set; } = 15;

    /// <summary>How long what the desk decides about a request has to stand before the patient is told. Minutes; what is undone before is not told.</summary>
    [Range(0, 60)] public int TellAfterMinutes { get; set; } = 3;

    /// <summary>Codes to one address in an hour, from one clinic.</summary>
    [Range(1, 100)] public int MailsAnHour { get; set; } = 5;
}

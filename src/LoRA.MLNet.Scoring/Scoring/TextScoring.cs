using System.Buffers;
using LoRA.MLNet.Encoders;
using LoRA.MLNet.Onnx;
using LoRA.MLNet.Persistence;
using LoRA.MLNet.Tokenization;
using Microsoft.ML.Runtime;

namespace LoRA.MLNet.Scoring;

/// <summary>Texts to logits: encodes, scores and counts. Calls may come from several threads at once.</summary>
/// <param name="encode">Turns a text, or a text and its pair, into tokens.</param>
/// <param name="scorer">The engine; owned.</param>
internal sealed class TextScoring(Func<ReadOnlyMemory<char>, ReadOnlyMemory<char>?, TokenIds> encode, ITextScorer scorer) : IDisposable
{
    private readonly SharedScorer _scorer = new(scorer);
    private long _rows;
    private long _emptyRows;
    private long _truncatedRows;

    /// <summary>Logits of one row.</summary>
    public int Outputs => _scorer.Outputs;

    public ScoringCounts Counts =>
        new(Interlocked.Read(ref _rows), Interlocked.Read(ref _emptyRows), Interlocked.Read(ref _truncatedRows));

    /// <summary>Scoring by a model on ONNX Runtime, where the context's device says.</summary>
    public static TextScoring Of(TextModel model, IHostEnvironment environment)
    {
        var encoder = EncoderFamilies.Create(model.Config);
        var settings = new OnnxSettings
        {
            Precision = model.Precision,
            GpuDeviceId = MlNetInternals.GpuDevice(environment),
            FallbackToCpu = MlNetInternals.FallbackToCpu(environment),
        };
        var scorer = OnnxTextScorer.Create(encoder, model.Weights, model.Outputs, model.Pooling, settings);
        return Of(model, scorer);
    }

    /// <summary>Scoring by a given engine with a model's tokenizer.</summary>
    public static TextScoring Of(TextModel model, ITextScorer scorer)
    {
        var encoder = EncoderFamilies.Create(model.Config);
        var rows = new TextEncoder(model.Tokenizer, model.MaxLength, model.Truncation, encoder.PadTokenId, encoder.UsesTokenTypes);
        return new TextScoring((text, pair) => rows.Encode(text, pair), scorer);
    }

    /// <summary>Scores rows, [rows] → [rows, <see cref="Outputs"/>], in order.</summary>
    /// <param name="texts">First or only texts.</param>
    /// <param name="pairs">As many second texts, or none.</param>
    /// <param name="logits">Receives the logits.</param>
    /// <returns>The counts of these rows.</returns>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public ScoringCounts Score(
        ReadOnlySpan<ReadOnlyMemory<char>> texts, ReadOnlySpan<ReadOnlyMemory<char>> pairs, Span<float> logits)
    {
        _scorer.ThrowIfDisposed();
        var rows = ArrayPool<TokenIds>.Shared.Rent(texts.Length);
        try
        {
            var counts = Encode(texts, pairs, rows);
            _scorer.Score(rows.AsSpan(0, texts.Length), logits);
            Add(counts);
            return counts;
        }
        finally
        {
            ArrayPool<TokenIds>.Shared.Return(rows, clearArray: true);
        }
    }

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void ThrowIfDisposed() => _scorer.ThrowIfDisposed();

    public void Dispose() => _scorer.Dispose();

    private ScoringCounts Encode(ReadOnlySpan<ReadOnlyMemory<char>> texts, ReadOnlySpan<ReadOnlyMemory<char>> pairs, TokenIds[] rows)
    {
        var empty = 0;
        var truncated = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var pair = pairs.IsEmpty ? default(ReadOnlyMemory<char>?) : pairs[i];
            rows[i] = encode(texts[i], pair);
            empty += texts[i].IsEmpty || pair is { IsEmpty: true } ? 1 : 0;
            truncated += rows[i].Truncated ? 1 : 0;
        }

        return new(texts.Length, empty, truncated);
    }

    private void Add(ScoringCounts counts)
    {
        Interlocked.Add(ref _rows, counts.Rows);
        Interlocked.Add(ref _emptyRows, counts.EmptyRows);
        Interlocked.Add(ref _truncatedRows, counts.TruncatedRows);
    }
}

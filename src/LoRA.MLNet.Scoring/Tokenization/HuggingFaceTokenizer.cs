using System.Buffers;
using LoRA.MLNet.Tokenization.Pipeline;
using LoRA.MLNet.Tokenization.PostProcessors;
using LoRA.MLNet.Tokenization.Synthesis;
using Microsoft.ML.Tokenizers;

namespace LoRA.MLNet.Tokenization;

/// <summary>
/// A Hugging Face tokenizer.json as a <see cref="Tokenizer"/>: ids, segments and offsets equal those of Hugging Face's tokenizers library.
/// Settings for truncation and padding in the file are left aside. Instances are immutable and may be used by many threads at once.
/// </summary>
/// <remarks>
/// The methods inherited from <see cref="Tokenizer"/> treat a text as a row by itself: special tokens that the file's post-processor adds are
/// part of the result and count as tokens. Decoding leaves special tokens out. Lone surrogates are read as U+FFFD.
/// </remarks>
public sealed class HuggingFaceTokenizer : Tokenizer
{
    private readonly TokenizerPipeline pipeline;
    private readonly byte[] json;
    private readonly Lazy<Dictionary<int, (string Content, bool Special)>> addedById;
    private readonly Dictionary<string, int> addedIds = new(StringComparer.Ordinal);

    private HuggingFaceTokenizer(byte[] json, string name)
    {
        this.json = json;
        pipeline = TokenizerReader.Read(json, name);
        addedById = new(() => pipeline.AddedTokens.ToDictionary(token => token.Id, token => (token.Content, token.Special)));
        foreach (var token in pipeline.AddedTokens)
        {
            addedIds[token.Content] = token.Id;
        }

        VocabularySize = Math.Max(pipeline.Model.Vocabulary.LargestId, addedIds.Values.DefaultIfEmpty(-1).Max()) + 1;
        PaddingId = FindPadding();
    }

    /// <summary>Rows that an embedding matrix needs for this tokenizer: the largest id plus one.</summary>
    public int VocabularySize { get; }

    /// <summary>
    /// Id of the token that fills rows up, or null where there is none, as in GPT-2: the token that the files beside tokenizer.json name,
    /// else <c>[PAD]</c> or <c>&lt;pad&gt;</c> if the vocabulary has it.
    /// </summary>
    public int? PaddingId { get; private init; }

    /// <summary>What the file does to a text before cutting it into words.</summary>
    public override Normalizer? Normalizer => pipeline.Normalizer is null ? null : new BridgedNormalizer(pipeline);

    /// <summary>How the file cuts a text into words.</summary>
    public override PreTokenizer? PreTokenizer => pipeline.Splitter is null ? null : new BridgedPreTokenizer(pipeline.Splitter);

    /// <summary>Reads a tokenizer.json.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="TokenizerFormatException">The file is damaged or uses a component that is not supported.</exception>
    public static HuggingFaceTokenizer FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new HuggingFaceTokenizer(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a tokenizer.json from a stream, which stays open.</summary>
    /// <param name="json">The content of the file.</param>
    /// <param name="name">What errors call it.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="TokenizerFormatException">The content is damaged or uses a component that is not supported.</exception>
    public static HuggingFaceTokenizer FromStream(Stream json, string name)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var buffer = new MemoryStream();
        json.CopyTo(buffer);
        return new HuggingFaceTokenizer(buffer.ToArray(), name);
    }

    /// <summary>
    /// Reads the tokenizer of a model folder: tokenizer.json where there is one, else the vocabulary files of the family that config.json names
    /// (vocab.txt; vocab.json and merges.txt; a SentencePiece model), as transformers converts them.
    /// </summary>
    /// <param name="folder">The folder of a checkpoint.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="TokenizerFormatException">A file is damaged, or uses something that is not supported.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer.</exception>
    public static HuggingFaceTokenizer FromFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, "tokenizer.json");
        var tokenizer = File.Exists(path)
            ? FromFile(path)
            : new HuggingFaceTokenizer(VocabularyConverter.Convert(folder), folder);
        return TokenizerSettings.Read(folder).Token("pad_token") is { } padding && tokenizer.TokenToId(padding) is { } id
            ? new HuggingFaceTokenizer(tokenizer, id)
            : tokenizer;
    }

    private HuggingFaceTokenizer(HuggingFaceTokenizer other, int paddingId)
    {
        (pipeline, json, addedById, addedIds) = (other.pipeline, other.json, other.addedById, other.addedIds);
        VocabularySize = other.VocabularySize;
        PaddingId = paddingId;
    }

    /// <summary>The id of a token, or null where the vocabulary lacks it.</summary>
    /// <param name="token">The token as the vocabulary writes it.</param>
    /// <returns>Its id.</returns>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return addedIds.TryGetValue(token, out int id) ? id : pipeline.Model.Vocabulary.IdOf(token);
    }

    /// <summary>The token of an id, or null where the vocabulary lacks it.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The token as the vocabulary writes it.</returns>
    public string? IdToToken(int id) => addedById.Value.TryGetValue(id, out var added) ? added.Content : pipeline.Model.Vocabulary.TokenOf(id);

    /// <summary>The tokenizer.json this tokenizer was made from, or the one that was derived from vocabulary files.</summary>
    /// <returns>UTF-8 text.</returns>
    public byte[] ToJson() => [.. json];

    /// <summary>Tokenizes a text or a pair of texts, with everything there is to know about each token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text of a pair, or null.</param>
    /// <param name="maxLength">Tokens at most, special ones included; null for no limit.</param>
    /// <param name="strategy">Which text gives way when there are too many.</param>
    /// <param name="addSpecialTokens">Whether the special tokens of the post-processor are added.</param>
    /// <returns>The tokens.</returns>
    /// <exception cref="ArgumentException">The strategy forbids cutting enough, or the special tokens alone exceed the maximum.</exception>
    public TokenizedText Encode(
        string text,
        string? pair = null,
        int? maxLength = null,
        TruncationStrategy strategy = TruncationStrategy.LongestFirst,
        bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var workspace = PipelineWorkspace.ForText(text.Length + (pair?.Length ?? 0));
        bool truncated = Run(workspace, text, pair, pair is not null, maxLength, strategy, addSpecialTokens, new PipelineOptions(WithOffsets: true));
        var parts = pipeline.PostProcessor.For(pair is not null);
        var sequences = workspace.Sequences;
        return new TokenizedText(
            RowBuilder.Ids(parts, sequences, addSpecialTokens),
            RowBuilder.TypeIds(parts, sequences, addSpecialTokens),
            RowBuilder.Offsets(parts, sequences, addSpecialTokens),
            RowBuilder.Fill(parts, sequences, addSpecialTokens, static part => part.Sequence),
            RowBuilder.Fill(parts, sequences, addSpecialTokens, static part => part.IsSpecial),
            truncated);
    }

    /// <summary>Ids and segments alone, the quick way.</summary>
    internal TokenIds EncodeRow(
        ReadOnlySpan<char> text, ReadOnlySpan<char> pair, bool isPair, int? maxLength, TruncationStrategy strategy, bool withTypeIds)
    {
        var workspace = PipelineWorkspace.ForText(text.Length + pair.Length);
        bool truncated = Run(workspace, text, pair, isPair, maxLength, strategy, true, new PipelineOptions(WithOffsets: false));
        var parts = pipeline.PostProcessor.For(isPair);
        int[] ids = RowBuilder.Ids(parts, workspace.Sequences, true);
        int[] typeIds = withTypeIds && Array.Exists(parts, static part => part.TypeId != 0) ? RowBuilder.TypeIds(parts, workspace.Sequences, true) : [];
        return new TokenIds(ids, typeIds, truncated);
    }

    /// <summary>The tokens of a text with the words they make up, special tokens left out.</summary>
    internal WordTokens EncodeWords(string text)
    {
        var workspace = PipelineWorkspace.ForText(text.Length);
        Run(workspace, text, default, false, null, TruncationStrategy.LongestFirst, false, new PipelineOptions(WithOffsets: true));
        var sequence = workspace.Sequences[0];
        return new WordTokens(sequence.IdSpan.ToArray(), sequence.Spans());
    }

    /// <summary>What a row of one text or of a pair consists of.</summary>
    internal TemplatePart[] Template(bool isPair) => pipeline.PostProcessor.For(isPair);

    /// <summary>Special tokens that come before and after the tokens of a single text.</summary>
    internal (int[] Before, int[] After) Surroundings()
    {
        var parts = pipeline.PostProcessor.Single;
        int text = Array.FindIndex(parts, static part => !part.IsSpecial);
        return ([.. parts[..text].Select(part => part.Id)], [.. parts[(text + 1)..].Select(part => part.Id)]);
    }

    /// <inheritdoc/>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> source = text ?? textSpan;
        var workspace = PipelineWorkspace.ForText(source.Length);
        bool truncated = RunBridged(workspace, source, settings, withOffsets: true);
        var parts = pipeline.PostProcessor.Single;
        int[] ids = RowBuilder.Ids(parts, workspace.Sequences, true);
        var offsets = RowBuilder.Offsets(parts, workspace.Sequences, true);
        return new EncodeResults<EncodedToken>
        {
            Tokens = [.. ids.Zip(offsets, (id, offset) => new EncodedToken(id, IdToToken(id) ?? "", offset))],
            NormalizedText = null,
            CharsConsumed = Consumed(workspace, source.Length, truncated),
        };
    }

    /// <inheritdoc/>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        ReadOnlySpan<char> source = text ?? textSpan;
        var workspace = PipelineWorkspace.ForText(source.Length);
        bool truncated = RunBridged(workspace, source, settings, withOffsets: settings.MaxTokenCount != int.MaxValue);
        return new EncodeResults<int>
        {
            Tokens = RowBuilder.Ids(pipeline.PostProcessor.Single, workspace.Sequences, true),
            NormalizedText = null,
            CharsConsumed = Consumed(workspace, source.Length, truncated),
        };
    }

    /// <inheritdoc/>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToIds(text, textSpan, settings).Tokens.Count;

    /// <inheritdoc/>
    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        normalizedText = null;
        if (!fromEnd)
        {
            var result = EncodeToIds(text, textSpan, settings);
            tokenCount = result.Tokens.Count;
            return result.CharsConsumed;
        }

        ReadOnlySpan<char> source = text ?? textSpan;
        var workspace = PipelineWorkspace.ForText(source.Length);
        var whole = new EncodeSettings { ConsiderNormalization = settings.ConsiderNormalization, ConsiderPreTokenization = settings.ConsiderPreTokenization };
        RunBridged(workspace, source, whole, withOffsets: true);
        int special = pipeline.PostProcessor.SpecialCount(isPair: false);
        var offsets = workspace.Sequences[0].Offsets;
        int kept = Math.Clamp(settings.MaxTokenCount - special, 0, offsets.Count);
        tokenCount = kept + special;
        return kept == offsets.Count ? 0 : kept == 0 ? source.Length : offsets[^kept].Start;
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        string[] tokens = [.. ids.Where(id => !IsSpecial(id)).Select(IdToToken).OfType<string>()];
        return pipeline.Decoder is { } decoder ? string.Concat(decoder.Decode(tokens)) : string.Join(' ', tokens);
    }

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        int[] all = [.. ids];
        string text = Decode(all);
        bool fits = text.TryCopyTo(destination);
        (idsConsumed, charsWritten) = fits ? (all.Length, text.Length) : (0, 0);
        return fits ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    private bool IsSpecial(int id) => addedById.Value.TryGetValue(id, out var added) && added.Special;

    private bool Run(
        PipelineWorkspace workspace,
        ReadOnlySpan<char> text,
        ReadOnlySpan<char> pair,
        bool isPair,
        int? maxLength,
        TruncationStrategy strategy,
        bool addSpecialTokens,
        PipelineOptions options)
    {
        var (first, second) = (workspace.Sequences[0], workspace.Sequences[1]);
        first.Clear();
        second.Clear();
        if (maxLength is { } limit && strategy != TruncationStrategy.OnlySecond)
        {
            options = options with { Limit = limit };
        }

        pipeline.Encode(text, first, workspace, options);
        if (isPair)
        {
            pipeline.Encode(pair, second, workspace, options);
        }

        if (maxLength is not { } length)
        {
            return false;
        }

        int special = addSpecialTokens ? pipeline.PostProcessor.SpecialCount(isPair) : 0;
        if (length < special)
        {
            throw new ArgumentException($"The maximum length {length} leaves no room for the {special} special tokens of a row.", nameof(maxLength));
        }

        return RowBuilder.Truncate(first, isPair ? second : null, length - special, strategy) || first.Stopped || second.Stopped;
    }

    private bool RunBridged(PipelineWorkspace workspace, ReadOnlySpan<char> text, EncodeSettings settings, bool withOffsets)
    {
        int? maxLength = settings.MaxTokenCount == int.MaxValue ? null : settings.MaxTokenCount;
        var options = new PipelineOptions(withOffsets, Normalizes: settings.ConsiderNormalization, Splits: settings.ConsiderPreTokenization);
        return Run(workspace, text, default, false, maxLength, TruncationStrategy.LongestFirst, true, options);
    }

    private static int Consumed(PipelineWorkspace workspace, int length, bool truncated)
    {
        var offsets = workspace.Sequences[0].Offsets;
        return !truncated ? length : offsets.Count == 0 ? 0 : offsets[^1].End;
    }

    private int? FindPadding() => TokenToId("[PAD]") ?? TokenToId("<pad>");
}

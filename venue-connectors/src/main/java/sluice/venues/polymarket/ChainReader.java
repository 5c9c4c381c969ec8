package sluice.venues.polymarket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.FunctionReturnDecoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.protocol.Service;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.protocol.core.methods.response.EthChainId;
import sluice.domain.Money;
import sluice.domain.Quantity;
import sluice.venues.api.ReadOutcome;
import sluice.venues.http.HttpCall;
import sluice.venues.http.HttpOutcome;
import sluice.venues.http.VenueHttp;

/**
 * What the chain itself says of a wallet, past the venue's caches. Reads only: it can sign and send nothing.
 *
 * <p>Blocks for the answer of a node; safe for several threads if the service is.
 */
public final class ChainReader {
    /** How an allowance reads that is more dollars than there can be. */
    public static final Money UNLIMITED = new Money(Long.MAX_VALUE);

    private static final BigInteger ALL_MICROS = BigInteger.valueOf(Long.MAX_VALUE);

    private final Node node;
    private final PolymarketChain chain;
    private final InstantSource clock;

    /** @param node address of a node's JSON-RPC interface */
    public ChainReader(VenueHttp http, URI node, PolymarketChain chain, InstantSource clock) {
        this.node = new Node(http, node);
        this.chain = chain;
        this.clock = clock;
    }

    /** Dollars in a wallet. */
    public ReadOutcome<Money> collateral(Address wallet) {
        return read(() -> new Money(micros(number(chain.collateral(), "balanceOf", abi(wallet)))));
    }

    /** Dollars that an exchange may take from a wallet; an unlimited allowance reads as the largest amount there is. */
    public ReadOutcome<Money> allowance(Address wallet, PolymarketChain.ExchangeKind exchange) {
        var spender = chain.exchanges().of(exchange).contract();
        return read(() -> new Money(number(chain.collateral(), "allowance", abi(wallet), abi(spender))
                .min(ALL_MICROS)
                .longValueExact()));
    }

    /** Whether an exchange may take outcome tokens from a wallet. */
    public ReadOutcome<Boolean> tokensApproved(Address wallet, PolymarketChain.ExchangeKind exchange) {
        var operator = chain.exchanges().of(exchange).contract();
        return read(() -> (Boolean) call(
                        chain.conditionalTokens(),
                        "isApprovedForAll",
                        List.of(abi(wallet), abi(operator)),
                        new TypeReference<Bool>() {})
                .getValue());
    }

    /** Outcome tokens in a wallet. */
    public ReadOutcome<Quantity> tokens(Address wallet, BigInteger tokenId) {
        return read(() -> new Quantity(
                micros(number(chain.conditionalTokens(), "balanceOf", abi(wallet), new Uint256(tokenId)))));
    }

    /**
     * Whether the winning tokens of a condition can be redeemed: the chain has its result.
     *
     * @param conditionId 32 bytes in hex
     */
    public ReadOutcome<Boolean> redeemable(String conditionId) {
        return read(
                () -> number(chain.conditionalTokens(), "payoutDenominator", new Bytes32(Eip712.bytes32(conditionId)))
                                .signum()
                        > 0);
    }

    private interface Reading<T> {
        T take() throws IOException;
    }

    private <T> ReadOutcome<T> read(Reading<T> reading) {
        try {
            var told = new Request<>("eth_chainId", List.<String>of(), node, EthChainId.class).send();
            if (told.hasError() || told.getChainId().longValueExact() != chain.chainId()) {
                return new ReadOutcome.Failed<>("the node is not on chain " + chain.chainId() + ": "
                        + (told.hasError() ? told.getError().getMessage() : told.getChainId())
                        + "; give the address of a node of that chain");
            }
            return new ReadOutcome.Complete<>(reading.take(), clock.millis());
        } catch (IOException | RuntimeException e) {
            return new ReadOutcome.Failed<>("the chain could not be read: " + node.withoutAddress(e));
        }
    }

    private BigInteger number(Address contract, String function, Type<?>... arguments) throws IOException {
        return (BigInteger) call(contract, function, List.of(arguments), new TypeReference<Uint256>() {})
                .getValue();
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // web3j's types are raw.
    private Type<?> call(Address contract, String name, List<Type<?>> arguments, TypeReference<?> answer)
            throws IOException {
        var function = new Function(name, (List) arguments, List.of(answer));
        var request = Transaction.createEthCallTransaction(null, contract.text(), FunctionEncoder.encode(function));
        var response = new Request<>(
                        "eth_call", List.of(request, DefaultBlockParameterName.LATEST), node, EthCall.class)
                .send();
        if (response.hasError()) {
            throw new IOException(
                    name + " of " + contract + ": " + response.getError().getMessage());
        }
        var values = FunctionReturnDecoder.decode(response.getValue(), function.getOutputParameters());
        if (values.size() != 1) {
            throw new IOException(
                    name + " of " + contract + " answered " + response.getValue() + "; is the contract on this chain?");
        }
        return (Type<?>) values.get(0);
    }

    private static org.web3j.abi.datatypes.Address abi(Address address) {
        return new org.web3j.abi.datatypes.Address(address.text());
    }

    private static long micros(BigInteger value) {
        return value.longValueExact();
    }

    /** web3j's calls over our connections, so that they have the same time-outs and the same TLS. */
    private static final class Node extends Service {
        private final VenueHttp http;
        private final URI address;

        Node(VenueHttp http, URI address) {
            super(false);
            this.http = http;
            this.address = address;
        }

        @Override
        protected InputStream performIO(String payload) throws IOException {
            var body = ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8));
            var call = new HttpCall("POST", address, Map.of("Content-Type", "application/json"), body);
            return switch (http.send(call)) {
                case HttpOutcome.Answer answer
                when answer.status() == 200 ->
                    new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8));
                case HttpOutcome.Answer answer ->
                    throw new IOException("the node answered " + answer.status() + ": " + answer.body());
                case HttpOutcome.NotSent notSent -> throw new IOException(notSent.why());
                case HttpOutcome.NoAnswer noAnswer -> throw new IOException(noAnswer.why());
            };
        }

        /** What went wrong, without the node's path, which may be the key that it is paid with. */
        String withoutAddress(Exception e) {
            var words = e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
            for (var part : new String[] {address.toString(), address.getRawPath(), address.getRawQuery()}) {
                if (part != null && part.length() > 1) {
                    words = words.replace(part, "");
                }
            }
            return words;
        }

        @Override
        public void close() {
            // The connections are the caller's.
        }
    }
}
